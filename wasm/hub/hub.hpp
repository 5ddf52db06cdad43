// The event loop of one hub: a text or a number from the platform becomes an event, `advance` turns it into effects,
// and the platform performs them. One event at a time; what an effect raises waits in the queue. It holds no rule of
// the session: those are in wasm/core.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wasm/hub/hub_state.hpp"
#include "wasm/hub/platform.hpp"

namespace lockstep {

class Hub {
public:
    Hub(Config config, Platform& platform);

    void started(std::string writer, StorageCapabilities capabilities, bool visible = true, bool browser_start = false,
                 std::int64_t hubs_in_tab = 1);

    // The cheapest check of all: nothing of a window's message is read then, and its port is not opened.
    [[nodiscard]] bool is_flooded();
    // The handshake (PROTOCOL §1). The caller has checked the source; it asks for the origin before it reads a byte of
    // the message, and closes the port of a refused one without a word.
    [[nodiscard]] bool is_origin_allowed(std::string_view origin) const;
    [[nodiscard]] PortId next_port();
    // In `hello` and `message` no text means that it was none that could be read, or over limits::message_units_max.
    void hello(PortId port, std::string origin, const std::optional<std::string>& text);
    void message(PortId port, const std::optional<std::string>& text);
    // A value that is no text came on the port, which no client sends: the port is closed before anything else is read.
    void not_a_text(PortId port);

    // Another document wrote this text; nothing: what cannot be read.
    void store_changed(const std::optional<std::string>& text);
    void store_cleared();
    // The record's cookie is gone. `companion_left`: what the user's clearing takes along with it is still there.
    void cookie_gone(bool companion_left);
    void storage_capabilities_changed(StorageCapabilities capabilities, bool asked);
    // No text: there is no tombstone, or it cannot be read.
    void tombstone_read(const std::optional<std::string>& text);
    void tombstone_stored(WriteId write_id);

    void woke();
    void timer_fired();
    void visibility_changed(bool visible);
    void leaving();
    void freezing();

    void lock_answered(LockAnswer answer);
    void lock_lost();
    // No text: the address did not answer 200, or not in time.
    void check_fetched(CallId call, const std::optional<std::string>& text);

    void stream_opened(StreamId stream);
    void stream_failed(StreamId stream);
    void end_pushed(StreamId stream);

    [[nodiscard]] const State& state() const { return state_.core; }
    [[nodiscard]] const HubState& hub_state() const { return state_; }

private:
    [[nodiscard]] EpochMs now();
    void raise(Event event);
    void run();
    void perform(Effect&& effect, EpochMs now);
    [[nodiscard]] const Read& decode(const std::string& text);
    [[nodiscard]] Read read_record();
    [[nodiscard]] Event write_record(effect::WriteRecord&& write);

    Platform& platform_;
    HubState state_;
};

}  // namespace lockstep
