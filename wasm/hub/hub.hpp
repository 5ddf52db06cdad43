// A whole hub without a browser: texts in, `step`, effects out as texts. It owns the state and the order of events (one
// at a time; what an effect raises waits its transition) and holds no rule of the session: those are in wasm/core.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wasm/core/step.hpp"
#include "wasm/hub/platform.hpp"

namespace lockstep {

class Hub {
public:
    Hub(Config config, Platform& platform);

    void started(std::string writer, StorageCapabilities storage, bool visible = true);

    // PROTOCOL §1. The caller has checked the source. `admits` is the check of the origin, before anything is read; a
    // port of a refused origin is closed without a word.
    [[nodiscard]] bool is_origin_allowed(PortId port, std::string_view origin);
    void hello(PortId port, std::string origin, const std::optional<std::string>& text);
    // No text: it was over limits::message_units_max.
    void message(PortId port, const std::optional<std::string>& text);

    // What another document wrote, where the store shows something else by now. No text: it shows just that, or nothing
    // that can be read.
    void store_changed(const std::optional<std::string>& shown);
    void store_cleared();
    void woke();
    void storage_capabilities_changed(StorageCapabilities storage, bool asked);
    void timer_fired();
    void others_heard();
    void visibility_changed(bool visible);
    void leaving();
    void lock_answered(LockAnswer answer);
    void lock_lost();
    // No text: it did not answer 200, or not in time.
    void check_fetched(CallId call, const std::optional<std::string>& text);
    void tombstone_read(const RawRead& look);
    void tombstone_stored(WriteId write_id);

    [[nodiscard]] const State& state() const { return state_; }

private:
    void happen(Event event);
    void run();
    void conclude_write();
    void perform(Effect&& effect, EpochMs now);
    [[nodiscard]] Read read_store();

    Platform& platform_;
    State state_;
    Read seen_;                  // the last text that the store gave or took
    std::vector<Event> events_;  // a handful at most; the first is the next
    bool stepping_ = false;
    std::optional<WriteId> written_;  // stored; what follows waits until others have heard, or for the next event
};

}  // namespace lockstep
