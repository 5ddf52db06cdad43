// The checkers of everything a hub puts into the store or keeps: nothing may be decided without a cause, nothing that
// was shown may be lost, nothing secret may stand there. Each complaint begins with the rule that it defends.
#include <algorithm>
#include <variant>

#include "tests/sim/reference_model.hpp"
#include "wasm/codec/json.hpp"
#include "wasm/codec/record.hpp"

namespace lockstep::sim {
namespace {

// Far more than the changes one hub can decide between two looks, far less than any clock shows.
constexpr std::uint64_t revisions_a_look_max = 300;

// R3: a timestamp of the hub's own counts from what it has been shown, and from nothing else.
[[nodiscard]] Violation check_timestamp(const ReferenceModel& reference, const LogicalTimestamp& timestamp,
                                        const std::optional<LogicalTimestamp>& known) {
    if (timestamp.writer != reference.writer || timestamp == known) return std::nullopt;
    if (known && timestamp.writer == known->writer && timestamp.revision < known->revision)
        return "R3: a hub's own revisions run backwards";
    if (timestamp.revision > reference.revision_seen + revisions_a_look_max)
        return "R3: a revision does not come from counting";
    return std::nullopt;
}

[[nodiscard]] bool was_asked_to_log_in(const ReferenceModel& reference, const Record& record) {
    return std::any_of(reference.logins.begin(), reference.logins.end(),
                       [&](const LoginAsked& login) { return login.subject == record.subject; });
}

// A session begins only because an app that may say so said so; and one that names a provider's session which has ended
// does not (R1).
[[nodiscard]] Violation check_birth(const ReferenceModel& reference, const std::optional<Record>& known,
                                    const Record& record) {
    if (known && record.created == known->created) return std::nullopt;
    if (record.created.writer != reference.writer)
        return "R4: a session appears that neither the store showed nor a login began";
    if (is_active(record) && !was_asked_to_log_in(reference, record))
        return "R4: a session is created without a login that may begin it";
    if (reference.kept && record.created < reference.kept->created)
        return "R3: a session is created behind one whose end was kept before its hub started";
    // Of several that waited together, each is judged by what the one before made of the session; as is one that waited
    // for another store.
    const bool is_alone = reference.logins_waiting == 1 && !reference.left;
    if (is_alone && known && !is_active(*known) && is_active(record) && record.session_id &&
        record.session_id == known->session_id) {
        return "R1: a login brings back the provider's session that has ended";
    }
    return std::nullopt;
}

[[nodiscard]] Violation check_logout(const ReferenceModel& reference, const Record& record) {
    const bool is_nobodys = record.ended->by.empty() && reference.port_was_left;
    if (record.ended->by != reference.place->origin && !is_nobodys)
        return "R4: a logout is put to the account of another app";
    if (!reference.place->may_logout) return "R11: an app ends a session and may not";
    const auto names_it = [&](const LogoutAsked& logout) {
        if (!logout.names || names(reference, *logout.names, record.created)) return true;
        return reference.left && *logout.names == reference.left->created;  // the hub is just deciding what goes on
    };
    if (std::any_of(reference.logouts.begin(), reference.logouts.end(), names_it)) return std::nullopt;
    return reference.logouts.empty() ? "R4: a logout that no app asked for"
                                     : "R2: a logout ends another session than the one it names";
}

// R8, R9: not before its time by the machine's clock, and by the latest activity the hub was shown.
[[nodiscard]] Violation check_deadline(const ReferenceModel& reference, const Record& record, EpochMs now) {
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
    if (!due) return "R8: a session ends by a deadline that it does not have";
    if (record.ended->at != *due) return "R9: a session ends at another time than its deadline";
    if (now < *due) return "R8: a session ends before its time";
    if (!record.updated.writer.empty() || !record.ended->by.empty())
        return "R8: an end by deadline bears somebody's name";
    return std::nullopt;
}

// R4: no end appears in the world without a cause.
[[nodiscard]] Violation check_end(const ReferenceModel& reference, const std::optional<Record>& known,
                                  const Record& record, EpochMs now) {
    if (!record.ended || (known && known->created == record.created && known->ended == record.ended))
        return std::nullopt;
    if (known && reference.left && record.ended == reference.left->ended &&
        was_migrated_from(reference, *reference.left, *known))
        return std::nullopt;
    if (record.updated.writer != reference.writer && !record.updated.writer.empty())
        return "R4: an end that neither the store showed nor this hub decided";
    switch (record.ended->reason) {
        case EndReason::logout: return check_logout(reference, record);
        case EndReason::expired:
        case EndReason::idle: return check_deadline(reference, record, now);
        case EndReason::cleared: {
            if (std::find(reference.cleared.begin(), reference.cleared.end(), record.created) !=
                reference.cleared.end())
                return std::nullopt;
            return reference.cleared.empty() ? "R4: a session ends as cleared, and nothing was cleared"
                                             : "R2: a clear ends a session born after it";
        }
        case EndReason::revoked: return check_revocation(reference, known, record);
    }
    return "R4: an end without a reason";
}

// What a hub that has just come to this store holds from the one before, as far as this record is that.
[[nodiscard]] std::optional<Record> brought(const ReferenceModel& reference, const std::optional<Record>& known,
                                            const Record& record) {
    if (!reference.left || (known && record.created == known->created)) return std::nullopt;
    if (!known && record.created == reference.left->created) return !is_active(record) ? reference.left : std::nullopt;
    const auto expected = come_along(*reference.left, known);
    return expected && expected->created == record.created ? expected : std::nullopt;
}

[[nodiscard]] Violation check_bringing(const ReferenceModel& reference, const std::optional<Record>& known,
                                       const Record& record) {
    if (!reference.left || !is_active(*reference.left) || !migrated_suffix(*reference.left, record) ||
        (known && known->created == record.created)) {
        return std::nullopt;
    }
    const auto& id = reference.left->session_id;
    if (known && !is_active(*known) && id && known->session_id == id)
        return "R1: a session comes along though it has ended in this store";
    if (known && is_active(*known)) return "R4: a session that comes along takes the place of an active one";
    const bool is_last = reference.kept && (!known || !(reference.kept->created < known->created));
    if (is_last && id && reference.kept->session_id == id)
        return "R12: a session comes along though its end was kept in this store";
    if (!brought(reference, known, record)) return "R3: tabs that come along at once would decide two births";
    return std::nullopt;
}

}  // namespace

Violation check_write(const ReferenceModel& reference, const Value& value, EpochMs now) {
    if (codec::utf16_units(value.text) > limits::record_units_max) return "R13: a record is over its bound";
    const Record* record = std::get_if<Record>(&value.read);
    if (record == nullptr) return "R5: what is stored cannot be read again";
    if (codec::encode_record(*record) != value.text) return "R5: what is stored is not the one text of its record";
    if (reference.newer) return "the record of a newer hub is overwritten";
    if (record->ended && (!record->subject.empty() || !record->claims.empty()))
        return "R13: an ended session keeps a name";
    if (is_active(*record) && knows_end_of(reference, record->created)) return "R1: an ended session is written back";
    std::optional<Record> known = held(reference);
    if (auto broken = check_bringing(reference, known, *record)) return broken;
    if (auto from_before = brought(reference, known, *record)) {
        if (known && joined(*known, *record, now) != *record)
            return "R3: a session comes along behind what the store has shown";
        known = std::move(from_before);
    }
    const bool same_birth = known && known->created == record->created;
    if (same_birth && record->active_at < known->active_at && !is_in_future(known->active_at, now))
        return "R9: activity that was shown is forgotten";
    if (same_birth && record->unknown != known->unknown) return "members of a newer hub are lost";
    if (known && joined(*known, *record, now) != *record) return "R10: less is written than what the store has shown";
    if (auto broken =
            check_timestamp(reference, record->created, same_birth ? std::optional(known->created) : std::nullopt))
        return broken;
    if (auto broken =
            check_timestamp(reference, record->updated, same_birth ? std::optional(known->updated) : std::nullopt))
        return broken;
    if (auto broken = check_birth(reference, known, *record)) return broken;
    if (auto broken = check_claim(reference, known, *record, now)) return broken;
    if (auto broken = check_renewal(reference, known, *record, now)) return broken;
    return check_end(reference, known, *record, now);
}

}  // namespace lockstep::sim
