// When a session expires, idles out, warns and is to be checked: absolute times, as questions about a record (R8).
// Nothing is decided here.
#pragma once

#include <optional>

#include "wasm/core/state.hpp"

namespace lockstep {

struct Deadline {
    EpochMs at;
    WakeReason reason;
};

[[nodiscard]] std::optional<Deadline> earlier_of(std::optional<Deadline> a, std::optional<Deadline> b);

[[nodiscard]] std::optional<EpochMs> expires_at(const State& state, const Record& record);
[[nodiscard]] std::optional<EpochMs> idle_at(const State& state, const Record& record);
[[nodiscard]] std::optional<EpochMs> idle_warning_at(const State& state, const Record& record);
// Half way through a short life, so that a check is never due at once again.
[[nodiscard]] std::optional<EpochMs> next_check_at(const State& state, const Record& record, EpochMs now);
// A check was due before the expiry, and has no outcome. The bound on a session's whole life waits for nothing.
[[nodiscard]] bool waits_for_check(const State& state, const Record& record);
// This hub has seen before that the expiry passed without that outcome.
[[nodiscard]] bool is_overdue(const State& state, const Record& record);
// Expiry or idle end, whichever comes first. An expiry that waits for a check comes when the wait is over.
[[nodiscard]] std::optional<Deadline> end_of(const State& state, const Record& record);

// A time of the past that lies in the future: the clock was ahead when it was stored (R8).
[[nodiscard]] bool is_in_future(EpochMs at, EpochMs now);
[[nodiscard]] bool has_future_time(const Record& record, EpochMs now);

// The session whose deadlines this hub compares. With a record that only a newer hub can read there is none.
[[nodiscard]] const Record* active_record(const State& state);
[[nodiscard]] bool has_passed_end(const State& state, EpochMs now);
[[nodiscard]] bool warns_of_idle_end(const State& state, EpochMs now);

}  // namespace lockstep
