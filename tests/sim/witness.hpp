// What one hub has been shown, asked and has done, kept by the simulator beside it. The checkers judge the hub by this alone. The
// join is written here a second time, from PROTOCOL §4: the product's own must not be its own judge.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/apps.hpp"
#include "tests/sim/store.hpp"
#include "wasm/core/record.hpp"

namespace lockstep::sim {

struct LoginAsked {
    std::string subject;
    std::optional<std::string> session_id;
};

struct Witness {
    // Who the hub is.
    std::string writer;
    const AppPlace* place = nullptr;
    SessionTimes times;

    // What it has been shown, by the store and by the kept end, joined with what it has stored.
    std::optional<Record> known;
    std::optional<Record> own;       // what it decided while the store refused, and so holds alone
    std::optional<Record> standing;  // what the store showed it last, or took from it
    std::vector<Stamp> ended;        // sessions whose end it was shown, has decided, or has told its app
    std::uint64_t revision_seen = 0;
    bool newer = false;    // the last look showed a format it must not touch
    bool blocked = false;  // the last look was refused
    bool refused = false;  // the last write was refused, so it is on its own until the store shows what it knows

    // What it has been asked for, all its life: without a cause in here it may decide nothing.
    std::vector<LoginAsked> logins;
    std::uint32_t logins_waiting = 0;
    std::vector<std::optional<Stamp>> logouts;  // with the session each named
    std::vector<Stamp> cleared;                 // sessions it knew when it heard of a clear

    bool port_was_left = false;  // a request that waited longer than its port is nobody's any more

    // R12, unless the kept end could not be read: sessions whose end was kept when the browser was killed before this hub started,
    // and the session whose end was kept last at that time.
    const std::vector<Stamp>* kept_before = nullptr;
    std::optional<Stamp> kept_born;
};

[[nodiscard]] Record joined(const Record& a, const Record& b);

// The hub is shown this record.
void shown(Witness& witness, const Record& record);

// What the hub must hold for true: `known`, and what it had to decide alone.
[[nodiscard]] std::optional<Record> held(const Witness& witness);

[[nodiscard]] bool knows_end_of(const Witness& witness, const Stamp& born);

// A broken promise: the rule's name, and what was seen.
using Violation = std::optional<std::string>;

// check_write.cpp: what the hub is about to put into the store.
[[nodiscard]] Violation check_write(const Witness& witness, const Value& value, EpochMs now);

}  // namespace lockstep::sim
