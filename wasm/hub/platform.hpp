// The world as the hub sees it: texts and numbers, nothing else. Implemented by wasm/browser for the browser and by the
// tests' worlds natively, so that all of them run the same hub.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "wasm/core/event.hpp"

namespace lockstep {

// What a store gave: nothing, a refusal, a value over limits::record_units_max, or a text.
struct StoreBlocked {};
struct StoreOversized {};
struct StoreSame {};  // the text that it gave or took last
using RawRead = std::variant<std::monostate, StoreBlocked, StoreOversized, StoreSame, std::string>;

class Platform {
public:
    Platform() = default;
    Platform(const Platform&) = delete;
    Platform& operator=(const Platform&) = delete;
    virtual ~Platform() = default;

    [[nodiscard]] virtual EpochMs now() = 0;
    // StoreSame spares the copy and its decoding; an implementation need not know it.
    [[nodiscard]] virtual RawRead read_record() = 0;
    // False when the browser refused (quota, blocked storage).
    [[nodiscard]] virtual bool write_record(const std::string& text) = 0;
    // From now on records are read and written there: one of the media that the storage showed. Answered by nothing.
    virtual void use_store(Medium medium) = 0;
    // Asks for the user's gesture; answered later by Hub::storage_capabilities_changed.
    virtual void show_button(const std::string& label, const std::string& style) = 0;
    // A write has just been handed over. True: Hub::others_heard will be called in a moment, and what follows from the
    // write waits for it, so that telling the own app does not stand in the way of telling the others. False: there is
    // no time to lose.
    [[nodiscard]] virtual bool let_others_hear() { return false; }
    // Answered later by Hub::tombstone_read.
    virtual void read_tombstone() = 0;
    // Answered later by Hub::tombstone_stored, whether it could be kept or not, within limits::tombstone_wait_ms_max.
    virtual void store_tombstone(WriteId write_id, const std::string& text) = 0;
    // For a duty (R6): answered later by Hub::lock_answered, and by Hub::lock_lost when another takes it over.
    virtual void ask_lock(bool steal) = 0;
    virtual void release_lock() = 0;
    // The hub's own check: a GET with credentials; answered later by Hub::check_fetched, unless it is cancelled.
    virtual void fetch_check(CallId call, const std::string& url) = 0;
    virtual void cancel_check(CallId call) = 0;
    virtual void send(PortId port, const std::string& text) = 0;
    virtual void close_port(PortId port) = 0;
    // Replaces the one timer; answered by Hub::timer_fired. Nothing: no timer.
    virtual void set_timer(std::optional<EpochMs> delay_ms) = 0;
};

}  // namespace lockstep
