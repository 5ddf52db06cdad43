// The one stored value and its merge: a join-semilattice, so every hub converges whatever the order, loss or
// repetition of what it receives (R1–R3). Nothing here reads a clock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

namespace lockstep {

using EpochMs = std::int64_t;

// Orders decided changes: highest revision seen + 1, ties by the writer's id (R3). Never a time.
// An empty writer marks a change that every hub decides alike, so that fifty hubs write one and the same text.
struct LogicalTimestamp {
    std::uint64_t revision = 0;
    std::string writer;
    bool operator==(const LogicalTimestamp&) const = default;
    // Not defaulted from <=>: Emscripten's standard library has none for texts.
    friend bool operator<(const LogicalTimestamp& a, const LogicalTimestamp& b) {
        return std::tie(a.revision, a.writer) < std::tie(b.revision, b.writer);
    }
};

enum class EndReason { logout, expired, idle, revoked, cleared };

// Somebody said so: the user, or the provider. All other ends happen by themselves.
[[nodiscard]] inline bool is_act(EndReason reason) {
    return reason == EndReason::logout || reason == EndReason::revoked;
}

struct End {
    EndReason reason{};
    std::string by;  // origin of the app that ended it; empty where no app did (a deadline, a cleared store)
    EpochMs at = 0;
    bool operator==(const End&) const = default;
    friend bool operator<(const End& a, const End& b) {
        return std::tie(a.reason, a.by, a.at) < std::tie(b.reason, b.by, b.at);
    }
};

// Such an end every hub decides alike.
[[nodiscard]] inline bool is_by_deadline(const End& end) {
    return end.reason == EndReason::expired || end.reason == EndReason::idle;
}

// What one tab does for all (R6): of an active session its check at the provider, of an ended one its end there.
enum class DutyState { none, wanted, claimed, unknown, done };

struct Duty {
    LogicalTimestamp epoch;  // new with every claim: a late outcome has an old one
    DutyState state = DutyState::none;
    EpochMs at = 0;             // wanted: since when; claimed: until when; unknown: when it is tried again; done: when
    std::int64_t failures = 0;  // in a row
    bool operator==(const Duty&) const = default;
    friend bool operator<(const Duty& a, const Duty& b) {
        return std::tie(a.epoch, a.state, a.at, a.failures) < std::tie(b.epoch, b.state, b.at, b.failures);
    }
};

// PROTOCOL §4.
struct Record {
    LogicalTimestamp created;
    std::optional<End> ended;
    LogicalTimestamp updated;
    // Revision of the last end that was an act, of this session or of one before it; 0: none. What was created by a
    // login that had not seen that end has ended with it (R1).
    std::uint64_t last_end = 0;
    std::string subject;                    // empty once ended (R13)
    std::optional<std::string> session_id;  // kept after the end, for its duty and for a migration
    EpochMs signed_in_at = 0;
    std::optional<EpochMs> expires_at;
    std::optional<EpochMs> check_at;  // when the next check falls due
    EpochMs active_at = 0;            // maximum over all tabs (R9)
    std::string claims;               // canonical JSON object, or empty
    Duty duty;
    std::string unknown;  // members of a newer hub, verbatim: `"a":1,"b":2`, or empty
    bool operator==(const Record&) const = default;
};

[[nodiscard]] Record merge(const Record& a, const Record& b);

[[nodiscard]] inline bool is_active(const Record& record) { return !record.ended.has_value(); }

[[nodiscard]] inline bool is_ended_by_act(const Record& record) { return record.ended && is_act(record.ended->reason); }

// The highest revision a record shows; the next decided change counts from the highest ever seen (R3).
[[nodiscard]] std::uint64_t highest_revision(const Record& record);

// Of the change that every hub decides alike after what this record shows.
[[nodiscard]] LogicalTimestamp common_timestamp(const Record& record);

// The same session, ended: no subject and no claims remain. `updated` never runs backwards, at the bound either. An act
// counts as the last end from this revision on.
[[nodiscard]] Record ended_copy(const Record& record, End end, const LogicalTimestamp& updated);

}  // namespace lockstep
