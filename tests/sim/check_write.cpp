// The checkers of every write of a record. No decision is made without a cause, nothing that was read is lost, and
// nothing secret is stored. Each violation begins with the rule that was broken.
#include <algorithm>
#include <variant>

#include "tests/sim/reference_model.hpp"
#include "wasm/codec/json.hpp"
#include "wasm/codec/record.hpp"

namespace lockstep::sim {
namespace {

// Far more than the changes that one hub can decide between two reads, and far less than any clock value.
constexpr std::uint64_t revisions_a_look_max = 300;

// R3: a hub's own timestamps count from the revisions that it has read.
[[nodiscard]] Violation check_timestamp(const ReferenceModel& reference, const LogicalTimestamp& timestamp,
                                        const std::optional<LogicalTimestamp>& known) {
    if (timestamp.writer != reference.writer || timestamp == known) return std::nullopt;
    if (known && timestamp.writer == known->writer && timestamp.revision < known->revision)
        return "R3: a hub's own revisions decrease";
    if (timestamp.revision > reference.revision_seen + revisions_a_look_max)
        return "R3: a revision is not counted from those that were read";
    return std::nullopt;
}

[[nodiscard]] bool was_asked_to_log_in(const ReferenceModel& reference, const std::string& subject) {
    return std::any_of(reference.logins.begin(), reference.logins.end(),
                       [&](const LoginAsked& login) { return login.subject == subject; });
}

// R1, by order alone: whatever the subject and the session id are.
[[nodiscard]] bool was_asked_since_last_end(const ReferenceModel& reference, const Record& record,
                                            const std::optional<Record>& known) {
    return std::any_of(reference.logins.begin(), reference.logins.end(), [&](const LoginAsked& login) {
        return login.subject == record.subject && !began_before_last_end(reference, login, known);
    });
}

// Only the login of an app with that capability creates a session, and one that began before the last end creates none
// (R1).
[[nodiscard]] Violation check_created(const ReferenceModel& reference, const std::optional<Record>& known,
                                      const Record& record) {
    if (known && record.created == known->created) return std::nullopt;
    if (record.created.writer != reference.writer)
        return "R4: a session has another writer and was never read from the store";
    if (is_active(record) && !was_asked_to_log_in(reference, record.subject))
        return "R4: a session is created without a permitted login";
    if (reference.tombstone && record.created < reference.tombstone->created)
        return "R3: a session is created before the session of the durable tombstone";
    if (is_active(record) && !was_asked_since_last_end(reference, record, known))
        return "R1: a login that began before the last end creates a session";
    return std::nullopt;
}

[[nodiscard]] Violation check_logout(const ReferenceModel& reference, const std::optional<Record>& known,
                                     const Record& record) {
    const bool is_nobodys = record.ended->by.empty() && reference.port_was_left;
    if (record.ended->by != reference.place->origin && !is_nobodys) return "R4: the `by` of a logout is another app";
    if (!reference.place->may_logout) return "R11: an app without the capability ends a session";
    const auto refers_to_it = [&](const LogoutAsked& logout) {
        if (!logout.session || refers_to(reference, *logout.session, record.created)) return true;
        if (known && is_replaced_by(logout, *known)) return true;
        // A login that was decided in the same cycle has taken its place.
        if (reference.logins_waiting > 0 && was_asked_to_log_in(reference, logout.subject)) return true;
        return reference.migration_source &&
               *logout.session == reference.migration_source->created;  // the migration is being decided
    };
    if (std::any_of(reference.logouts.begin(), reference.logouts.end(), refers_to_it)) return std::nullopt;
    return reference.logouts.empty() ? "R4: a session ends by logout without a request"
                                     : "R2: a logout ends another session than the one it names";
}

// R8, R9: not before the deadline by the wall clock, computed from the latest activity that the hub has read.
[[nodiscard]] Violation check_deadline(const ReferenceModel& reference, const std::optional<Record>& known,
                                       const Record& record, EpochMs now) {
    const bool is_idle = record.ended->reason == EndReason::idle;
    std::optional<EpochMs> due;
    if (is_idle && reference.times.idle_timeout_ms) due = record.active_at + *reference.times.idle_timeout_ms;
    if (!is_idle) {
        due = record.expires_at;
        if (reference.times.lifetime_max_ms) {
            const EpochMs last = record.signed_in_at + *reference.times.lifetime_max_ms;
            due = due ? std::min(*due, last) : last;
        }
    }
    if (!due) return "R8: a session without this deadline ends by it";
    if (record.ended->at != *due) return "R9: the time of an end is not the deadline";
    if (now < *due) return "R8: a session ends before its deadline";
    const bool waits = !is_idle && known && is_overdue(reference, *known, now);
    if (waits && now < reference.overdue_since + limits::expiry_wait_ms)
        return "R7: a session expires without a wait for the check that was due";
    if (!record.updated.writer.empty() || !record.ended->by.empty())
        return "R8: an end by deadline has a writer or an origin";
    return std::nullopt;
}

// R4: no session ends without a cause.
[[nodiscard]] Violation check_end(const ReferenceModel& reference, const std::optional<Record>& known,
                                  const Record& record, EpochMs now) {
    if (!record.ended || (known && known->created == record.created && known->ended == record.ended))
        return std::nullopt;
    if (known && reference.migration_source && record.ended == reference.migration_source->ended &&
        is_same_session(reference, *reference.migration_source, *known))
        return std::nullopt;
    if (record.updated.writer != reference.writer && !record.updated.writer.empty())
        return "R4: an end has another writer and was never read from the store";
    switch (record.ended->reason) {
        case EndReason::logout: return check_logout(reference, known, record);
        case EndReason::expired:
        case EndReason::idle: return check_deadline(reference, known, record, now);
        case EndReason::cleared: {
            if (std::find(reference.cleared.begin(), reference.cleared.end(), record.created) !=
                reference.cleared.end())
                return std::nullopt;
            return reference.cleared.empty() ? "R4: a session ends as cleared although nothing was cleared"
                                             : "R2: a clear ends a session that was created after it";
        }
        case EndReason::revoked: return check_revocation(reference, known, record);
    }
    return "R4: an end without a reason";
}

// What the hub must have migrated into this store, if the record is that.
[[nodiscard]] std::optional<Record> migrated_from_source(const ReferenceModel& reference,
                                                         const std::optional<Record>& known, const Record& record) {
    if (!reference.migration_source || (known && record.created == known->created)) return std::nullopt;
    if (!known && record.created == reference.migration_source->created)
        return !is_active(record) ? reference.migration_source : std::nullopt;
    const auto expected = expected_after_migration(*reference.migration_source, known);
    return expected && expected->created == record.created ? expected : std::nullopt;
}

[[nodiscard]] Violation check_migration(const ReferenceModel& reference, const std::optional<Record>& known,
                                        const Record& record) {
    if (!reference.migration_source || !is_active(*reference.migration_source) ||
        !is_recreated(*reference.migration_source, record) || (known && known->created == record.created)) {
        return std::nullopt;
    }
    if (known && was_ended_by_name(*known, *reference.migration_source))
        return "R1: a session is migrated although it has ended in this store";
    if (known && is_active(*known)) return "R4: a migrated session replaces an active one";
    // Of two ends of one session the join is known, and it keeps the session id of one.
    const bool is_joined =
        known && reference.tombstone && known->ended && known->created == reference.tombstone->created;
    const bool is_last =
        reference.tombstone && !is_joined && (!known || !(reference.tombstone->created < known->created));
    if (is_last && was_ended_by_name(*reference.tombstone, *reference.migration_source))
        return "R12: a session is migrated although this store has its durable tombstone";
    if (!migrated_from_source(reference, known, record))
        return "R3: tabs that migrate at the same time would create two sessions";
    return std::nullopt;
}

}  // namespace

Violation check_write(const ReferenceModel& reference, const Value& value, EpochMs now) {
    if (codec::utf16_units(value.text) > limits::record_units_max) return "R13: a record is larger than its limit";
    const Record* record = std::get_if<Record>(&value.read);
    if (record == nullptr) return "R5: a stored text cannot be decoded";
    if (codec::encode_record(*record) != value.text) return "R5: a stored text is not the canonical one of its record";
    if (reference.newer) return "a record of a newer format is overwritten";
    if (record->ended && (!record->subject.empty() || !record->claims.empty()))
        return "R13: an ended session has a subject or claims";
    if (is_active(*record) && knows_end_of(reference, record->created))
        return "R1: an ended session is written as active";
    std::optional<Record> known = held(reference);
    if (auto broken = check_migration(reference, known, *record)) return broken;
    if (auto from_before = migrated_from_source(reference, known, *record)) {
        if (known && joined(*known, *record, now) != *record)
            return "R3: a migrated session is older than the record in the store";
        known = std::move(from_before);
    }
    const bool same_session = known && known->created == record->created;
    if (same_session && record->active_at < known->active_at && !is_in_future(known->active_at, now))
        return "R9: activity that was read is lost";
    if (same_session && record->unknown != known->unknown) return "members of a later release are lost";
    if (known && joined(*known, *record, now) != *record) return "R10: a write loses what was read";
    if (auto broken =
            check_timestamp(reference, record->created, same_session ? std::optional(known->created) : std::nullopt))
        return broken;
    if (auto broken =
            check_timestamp(reference, record->updated, same_session ? std::optional(known->updated) : std::nullopt))
        return broken;
    if (auto broken = check_created(reference, known, *record)) return broken;
    if (auto broken = check_claim(reference, known, *record, now)) return broken;
    if (auto broken = check_renewal(reference, known, *record, now)) return broken;
    return check_end(reference, known, *record, now);
}

}  // namespace lockstep::sim
