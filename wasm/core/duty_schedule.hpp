// When a duty is due, and for whom: questions about a record and this hub (R6, R7). Nothing is decided here.
#pragma once

#include <cstdint>
#include <optional>

#include "wasm/core/state.hpp"

namespace lockstep {

[[nodiscard]] DutyKind kind_of(const Record& record);

// Whether this hub's app, or the hub itself, can do and may do a duty of this kind.
[[nodiscard]] bool app_may_act(const State& state, DutyKind kind);
[[nodiscard]] bool may_act(const State& state, DutyKind kind);

// A time too far ahead was set before the clock was set back. It is due at once: counted from now on, it would never
// be.
[[nodiscard]] EpochMs clamp_future(EpochMs at, EpochMs now, EpochMs ahead_ms_max);

// The pause after so many failures in a row: it doubles with each.
[[nodiscard]] EpochMs backed_off_ms(EpochMs first_ms, EpochMs max_ms, std::int64_t failures);

// Up to a part of a delay, so that browsers and tabs that failed together do not come back together. It is computed
// from a claim or a writer: every hub computes alike when a claim failed.
[[nodiscard]] EpochMs jitter_ms(const LogicalTimestamp& timestamp, EpochMs below_ms);

// When this hub may take the duty of this record; nothing: never.
[[nodiscard]] std::optional<EpochMs> due_at(const State& state, const Record& record, EpochMs now);
[[nodiscard]] CheckReason reason_of(const State& state, const Record& record);

// The pause after a failure in a row, and when that failure was.
[[nodiscard]] EpochMs retry_delay_ms(const Duty& duty);
[[nodiscard]] EpochMs failed_at(const Duty& duty);

// Settling, or acting: until then.
[[nodiscard]] EpochMs waits_until(const OwnDuty& own, EpochMs now);
[[nodiscard]] EpochMs lock_busy_until(const State& state, EpochMs now);
// How long a busy lock is left alone by this hub.
[[nodiscard]] EpochMs lock_retry_delay_ms(const State& state);

// The next time at which this hub has to do something for a duty.
[[nodiscard]] std::optional<EpochMs> duty_deadline(const State& state, EpochMs now);

}  // namespace lockstep
