// The bounds of the session core, asserted against each other; those of how a text is written are in the codec. Where a
// bound is part of the protocol, PROTOCOL.md names it too.
#pragma once

#include <cstddef>
#include <cstdint>

namespace lockstep::limits {

inline constexpr std::size_t message_units_max = 8'192;  // PROTOCOL §2
inline constexpr std::size_t record_units_max = 8'192;   // PROTOCOL §4
inline constexpr std::size_t config_bytes_max = 262'144;
inline constexpr std::size_t json_depth_max = 8;  // PROTOCOL §2
// PROTOCOL §2, of one object. It bounds the search for duplicates, which compares each name with each: every allowed
// app can send a thousand.
inline constexpr std::size_t members_max = 512;
inline constexpr std::size_t subject_bytes_max = 256;
inline constexpr std::size_t session_id_bytes_max = 256;
inline constexpr std::size_t claims_bytes_max = 2'048;   // R13
inline constexpr std::size_t unknown_bytes_max = 2'048;  // PROTOCOL §4.7: members of a newer hub
inline constexpr std::size_t origin_bytes_max = 512;
inline constexpr std::size_t writer_bytes_max = 32;
inline constexpr std::size_t label_bytes_max = 256;  // of the button that asks for the user's gesture
inline constexpr std::size_t style_bytes_max = 2'048;
inline constexpr std::size_t apps_max = 1'024;
inline constexpr std::size_t session_names_max = 8;  // a session and those of the same person that took its place

// Revisions count decided changes. A record above the bound cannot have come from counting and is treated as corrupt.
inline constexpr std::uint64_t revision_max = std::uint64_t{1} << 50;
// A hub believes no more than this of what it has not counted itself, so that there is room to count on.
inline constexpr std::uint64_t revision_counted_max = revision_max - (std::uint64_t{1} << 20);
// Far beyond any real date, and exactly representable in a JavaScript number.
inline constexpr std::int64_t epoch_ms_max = 8'640'000'000'000'000;

// No device's clock shows more, and deadlines that are counted from it stay below epoch_ms_max.
inline constexpr std::int64_t clock_ms_max = epoch_ms_max / 2;

// The clocks of two processes of one browser differ by less than this; a time further ahead is a wrong clock's (R8).
inline constexpr std::int64_t clock_ahead_ms_max = 1'000;

// A flood from an allowed app is refused, not queued: a bucket of tokens, refilled with time.
inline constexpr std::int64_t rate_burst = 60;
inline constexpr std::int64_t refused_max = 200;             // whoever goes on after so many refusals loses the port
inline constexpr std::int64_t rate_refill_interval_ms = 50;  // 20 a second; in whole milliseconds
// The n-th hub of a tab has an n-th of that rate, but no less than this part of it: what an app sends in use, a touch a
// second among it, fits three times. All hubs of a tab have some four times the rate of one.
inline constexpr std::int64_t rate_parts_max = 6;
// As many wait for a store that is slow to answer; what comes then is refused as well.
inline constexpr std::size_t waiting_requests_max = rate_burst;

// The reply to a `logout` waits at most this long for the durable tombstone (R12).
inline constexpr std::int64_t tombstone_wait_ms_max = 1'000;

// Activity is written at most this often, as a part of the idle timeout (R9): coarse enough to cost nothing,
// fine enough that the idle end comes at most this much early in a tab that crashed before it wrote.
inline constexpr std::int64_t activity_writes_per_idle_timeout = 60;

// A jar that drops the record's cookie more often than this is no store (R4).
inline constexpr int evictions_max = 5;
inline constexpr std::int64_t evictions_window_ms = 60'000;

// Duties (R6, R7): PROTOCOL §3 and §4.
inline constexpr std::int64_t duty_ms_max = 10'000;  // an app has this long to answer
inline constexpr std::int64_t claim_ms =
    15'000;  // … and a claim ends later, so that the hub that acts is the first to write that it failed
inline constexpr std::int64_t claim_settle_ms =
    200;  // without a lock: longer than a write takes to be seen by every process
inline constexpr std::int64_t duty_hidden_grace_ms = 2'000;  // visible tabs first
inline constexpr std::int64_t end_duty_grace_ms = 300;       // first of all the tab that ended the session
inline constexpr std::int64_t lock_retry_ms = 1'000;
inline constexpr std::int64_t retry_ms_min = 5'000;  // doubles with every failure in a row
inline constexpr std::int64_t retry_ms_max = 300'000;
inline constexpr std::int64_t end_failures_max = 5;  // then the provider's own time-out ends the session there
inline constexpr std::int64_t failures_max = 1'000;
inline constexpr std::int64_t check_fresh_ms = 1'000;  // a request this soon after an outcome gets that outcome
// A request for a check gets `unknown` after the first time if no hub claims the check, and in any case after the
// second.
inline constexpr std::int64_t check_claim_wait_ms = 5'000;
inline constexpr std::int64_t check_wait_ms_max = 30'000;
inline constexpr std::size_t waiting_checks_max = 64;
// Push: the first pause after a stream was lost is 1 to 5 s, so that all who lost it at once come back in 5 s.
inline constexpr std::int64_t stream_retry_ms_min = 1'000;  // doubles with every failure in a row
inline constexpr std::int64_t stream_retry_ms_max = 60'000;
inline constexpr std::int64_t stream_retry_spread_ms = 4'000;
// A page that wakes later than this after it has asked for its stream asks again: it may be dead without a word.
inline constexpr std::int64_t stream_trusted_ms = 45'000;
// A server ends a stream before this (PROTOCOL, "Push"). One that lives on is dead, and nobody has said so.
inline constexpr std::int64_t stream_life_ms_max = 420'000;
// An expiry that comes before the check that was due waits this long for it (R7). It may have fallen due in sleep.
inline constexpr std::int64_t expiry_wait_ms = 15'000;

// What is read has room for all that may be kept: no member is shorter than `"":0,`.
static_assert(members_max * 5 > claims_bytes_max && members_max * 5 > unknown_bytes_max);
static_assert(duty_hidden_grace_ms + duty_ms_max < expiry_wait_ms);
static_assert(duty_ms_max < claim_ms && claim_ms * 2 <= check_wait_ms_max);
// That a record within these bounds fits its own: codec/record_size.hpp, which knows how a record is written.

}  // namespace lockstep::limits
