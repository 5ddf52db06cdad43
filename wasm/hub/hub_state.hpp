// Everything one hub holds: the core's state, and the little that the event loop needs beside it. There is no other
// state in wasm/hub.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wasm/core/step.hpp"

namespace lockstep {

// The text that the store showed or took last, and what it means. A change is read more often than it is made: by the
// event that reports it, by the look at the store that follows, and by the writer. One decoding serves all of them.
struct DecodedRecord {
    std::string text;
    Read read;
};

struct HubState {
    State core;
    std::vector<Event> queue;  // events that wait; the first is the next
    bool is_running = false;   // the loop over the queue is under way: what an effect raises is queued
    std::optional<DecodedRecord> record;
    Medium medium = Medium::local_storage;  // of the backend in use
    PortId port_last = 0;                   // ports are numbered in the order of their handshakes
};

// A record as it is stored: in a cookie it has a form of its own (PROTOCOL §4.2).
[[nodiscard]] std::string stored_text(Medium medium, const Record& record);
[[nodiscard]] Read decode_stored(Medium medium, const std::string& text);

// The first broken invariant of the hub or its core, in words, or nothing. Tests call it after every event.
[[nodiscard]] std::optional<std::string_view> violated(const HubState& hub);

}  // namespace lockstep
