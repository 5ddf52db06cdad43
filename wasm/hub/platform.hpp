// The platform as the hub sees it: texts and numbers, nothing else. wasm/browser implements it for the browser; the
// native tests and the simulator implement it too, so that all of them run the same hub.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "wasm/core/event.hpp"

namespace lockstep {

// What a store showed: nothing (monostate), a refusal, a value that is no readable text of limits::record_units_max, or
// a text.
struct StoreBlocked {};
struct StoreOversized {};
using RawRead = std::variant<std::monostate, StoreBlocked, StoreOversized, std::string>;

class Platform {
public:
    Platform() = default;
    Platform(const Platform&) = delete;
    Platform& operator=(const Platform&) = delete;
    Platform(Platform&&) = delete;
    Platform& operator=(Platform&&) = delete;
    virtual ~Platform() = default;

    [[nodiscard]] virtual EpochMs now() = 0;

    [[nodiscard]] virtual RawRead read_record() = 0;
    // False when the browser refuses the write (quota, blocked storage).
    [[nodiscard]] virtual bool write_record(const std::string& text) = 0;
    // From now on records are read and written there: one of the media that the storage capabilities showed. It has no
    // answer.
    virtual void use_backend(Medium medium) = 0;
    // Leaves the mark of PROTOCOL §4.2 in the storage that the handle has shown to be the first party's, and where hubs
    // without a handle look for it. It has no answer.
    virtual void mark_store() = 0;
    // No hub takes the record in the cookie for the session any more, nor its end for a clear. It has no answer.
    virtual void abandon_cookie() = 0;
    // Asks for the user's gesture. Hub::storage_capabilities_changed answers it later.
    virtual void show_button(const std::string& label, const std::string& style) = 0;

    // Hub::tombstone_read answers it later.
    virtual void read_tombstone() = 0;
    // Hub::tombstone_stored answers it within limits::tombstone_wait_ms_max, whether the tombstone could be stored or
    // not.
    virtual void store_tombstone(WriteId write_id, const std::string& text) = 0;

    // For a duty (R6). Hub::lock_answered answers it; Hub::lock_lost follows when another tab steals the lock.
    virtual void request_lock() = 0;
    // The same from whoever holds the lock.
    virtual void steal_lock() = 0;
    virtual void release_lock() = 0;
    // The hub's own check, of its server or of the provider. Hub::check_fetched answers it, unless it is cancelled.
    virtual void fetch_check(CallId call, const std::string& url) = 0;
    virtual void cancel_check(CallId call) = 0;

    // Waits for the browser's lock of streams, and opens this one under it, in the place of any other. `session` and
    // `subject` are the texts whose hashes are its channels (PROTOCOL, "Push"); `session` is empty where it has no id.
    // Hub::stream_opened, stream_failed and end_pushed answer it.
    // `steals`: takes the lock from whoever holds it.
    virtual void open_stream(StreamId stream, const std::string& url, const std::string& session,
                             const std::string& subject, EpochMs signed_in_at, bool steals) = 0;
    // Lets go of the lock, too, or of the place among those who wait for it.
    virtual void close_stream() = 0;

    virtual void send(PortId port, const std::string& text) = 0;
    virtual void close_port(PortId port) = 0;
    // Replaces the one timer; Hub::timer_fired follows. Nothing: no timer.
    virtual void set_timer(std::optional<EpochMs> delay_ms) = 0;
};

}  // namespace lockstep
