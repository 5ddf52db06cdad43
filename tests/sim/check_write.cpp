// The checkers of everything a hub puts into the store or keeps: nothing may be decided without a cause, nothing that was shown
// may be lost, nothing secret may stand there. Each complaint begins with the rule that it defends.
#include <algorithm>
#include <variant>

#include "tests/sim/witness.hpp"
#include "wasm/codec/json.hpp"
#include "wasm/codec/record.hpp"

namespace lockstep::sim {
namespace {

// Far more than the changes one hub can decide between two looks, far less than any clock shows.
constexpr std::uint64_t revisions_a_look_max = 300;

// R3: a stamp of the hub's own counts from what it has been shown, and from nothing else.
[[nodiscard]] Violation check_stamp(const Witness& witness, const Stamp& stamp, const std::optional<Stamp>& known) {
    if (stamp.writer != witness.writer || stamp == known) return std::nullopt;
    if (known && stamp.writer == known->writer && stamp.revision < known->revision) return "R3: a hub's own revisions run backwards";
    if (stamp.revision > witness.revision_seen + revisions_a_look_max) return "R3: a revision does not come from counting";
    return std::nullopt;
}

[[nodiscard]] bool was_asked_to_log_in(const Witness& witness, const Record& record) {
    return std::any_of(witness.logins.begin(), witness.logins.end(),
                       [&](const LoginAsked& login) { return login.subject == record.subject; });
}

// A session begins only because an app that may say so said so; and one that names a provider's session which has ended does not (R1).
[[nodiscard]] Violation check_birth(const Witness& witness, const std::optional<Record>& known, const Record& record) {
    if (known && record.born == known->born) return std::nullopt;
    if (record.born.writer != witness.writer) return "R4: a session appears that neither the store showed nor a login began";
    if (is_active(record) && !was_asked_to_log_in(witness, record)) return "R4: a session is born without a login that may begin it";
    if (witness.kept && record.born < witness.kept->born)
        return "R3: a session is born behind one whose end was kept before its hub started";
    // Of several that waited together, each is judged by what the one before made of the session; as is one that waited for another store.
    const bool is_alone = witness.logins_waiting == 1 && !witness.left;
    if (is_alone && known && !is_active(*known) && is_active(record) && record.session_id && record.session_id == known->session_id) {
        return "R1: a login brings back the provider's session that has ended";
    }
    return std::nullopt;
}

[[nodiscard]] Violation check_logout(const Witness& witness, const Record& record) {
    const bool is_nobodys = record.ended->by.empty() && witness.port_was_left;
    if (record.ended->by != witness.place->origin && !is_nobodys) return "R4: a logout is put to the account of another app";
    if (!witness.place->may_logout) return "R11: an app ends a session and may not";
    const auto names_it = [&](const LogoutAsked& logout) {
        if (!logout.names || names(witness, *logout.names, record.born)) return true;
        return witness.left && *logout.names == witness.left->born;  // the hub is just deciding what goes on
    };
    if (std::any_of(witness.logouts.begin(), witness.logouts.end(), names_it)) return std::nullopt;
    return witness.logouts.empty() ? "R4: a logout that no app asked for" : "R2: a logout ends another session than the one it names";
}

// R8, R9: not before its time by the machine's clock, and by the latest activity the hub was shown.
[[nodiscard]] Violation check_deadline(const Witness& witness, const Record& record, EpochMs now) {
    const bool is_idle = record.ended->reason == EndReason::idle;
    std::optional<EpochMs> due;
    if (is_idle && witness.times.idle_timeout_ms) due = record.active_at + *witness.times.idle_timeout_ms;
    if (!is_idle) {
        due = record.expires_at;
        if (witness.times.lifetime_max_ms) {
            const EpochMs last = record.signed_in_at + *witness.times.lifetime_max_ms;
            due = due ? std::min(*due, last) : last;
        }
    }
    if (!due) return "R8: a session ends by a deadline that it does not have";
    if (record.ended->at != *due) return "R9: a session ends at another time than its deadline";
    if (now < *due) return "R8: a session ends before its time";
    if (!record.version.writer.empty() || !record.ended->by.empty()) return "R8: an end by deadline bears somebody's name";
    return std::nullopt;
}

// R4: no end appears in the world without a cause.
[[nodiscard]] Violation check_end(const Witness& witness, const std::optional<Record>& known, const Record& record, EpochMs now) {
    if (!record.ended || (known && known->born == record.born && known->ended == record.ended)) return std::nullopt;
    if (known && witness.left && record.ended == witness.left->ended && came_from(witness, *witness.left, *known)) return std::nullopt;
    if (record.version.writer != witness.writer && !record.version.writer.empty())
        return "R4: an end that neither the store showed nor this hub decided";
    switch (record.ended->reason) {
        case EndReason::logout: return check_logout(witness, record);
        case EndReason::expired:
        case EndReason::idle: return check_deadline(witness, record, now);
        case EndReason::cleared: {
            if (std::find(witness.cleared.begin(), witness.cleared.end(), record.born) != witness.cleared.end()) return std::nullopt;
            return witness.cleared.empty() ? "R4: a session ends as cleared, and nothing was cleared"
                                           : "R2: a clear ends a session born after it";
        }
        case EndReason::revoked: return check_revocation(witness, known, record);
    }
    return "R4: an end without a reason";
}

// What a hub that has just come to this store holds from the one before, as far as this record is that.
[[nodiscard]] std::optional<Record> brought(const Witness& witness, const std::optional<Record>& known, const Record& record) {
    if (!witness.left || (known && record.born == known->born)) return std::nullopt;
    if (!known && record.born == witness.left->born) return !is_active(record) ? witness.left : std::nullopt;
    const auto expected = come_along(*witness.left, known);
    return expected && expected->born == record.born ? expected : std::nullopt;
}

[[nodiscard]] Violation check_bringing(const Witness& witness, const std::optional<Record>& known, const Record& record) {
    if (!witness.left || !is_active(*witness.left) || !came_along(*witness.left, record) || (known && known->born == record.born)) {
        return std::nullopt;
    }
    const auto& id = witness.left->session_id;
    if (known && !is_active(*known) && id && known->session_id == id) return "R1: a session comes along though it has ended in this store";
    if (known && is_active(*known)) return "R4: a session that comes along takes the place of an active one";
    const bool is_last = witness.kept && (!known || !(witness.kept->born < known->born));
    if (is_last && id && witness.kept->session_id == id) return "R12: a session comes along though its end was kept in this store";
    if (!brought(witness, known, record)) return "R3: tabs that come along at once would decide two births";
    return std::nullopt;
}

}  // namespace

Violation check_write(const Witness& witness, const Value& value, EpochMs now) {
    if (codec::utf16_units(value.text) > limits::record_units_max) return "R13: a record is over its bound";
    const Record* record = std::get_if<Record>(&value.read);
    if (record == nullptr) return "R5: what is stored cannot be read again";
    if (codec::encode_record(*record) != value.text) return "R5: what is stored is not the one text of its record";
    if (witness.newer) return "the record of a newer hub is overwritten";
    if (record->ended && (!record->subject.empty() || !record->claims.empty())) return "R13: an ended session keeps a name";
    if (is_active(*record) && knows_end_of(witness, record->born)) return "R1: an ended session is written back";
    std::optional<Record> known = held(witness);
    if (auto broken = check_bringing(witness, known, *record)) return broken;
    if (auto from_before = brought(witness, known, *record)) {
        if (known && joined(*known, *record) != *record) return "R3: a session comes along behind what the store has shown";
        known = std::move(from_before);
    }
    const bool same_birth = known && known->born == record->born;
    if (same_birth && record->active_at < known->active_at) return "R9: activity that was shown is forgotten";
    if (same_birth && record->unknown != known->unknown) return "members of a newer hub are lost";
    if (known && joined(*known, *record) != *record) return "R10: less is written than what the store has shown";
    if (auto broken = check_stamp(witness, record->born, same_birth ? std::optional(known->born) : std::nullopt)) return broken;
    if (auto broken = check_stamp(witness, record->version, same_birth ? std::optional(known->version) : std::nullopt)) return broken;
    if (auto broken = check_birth(witness, known, *record)) return broken;
    if (auto broken = check_claim(witness, known, *record, now)) return broken;
    if (auto broken = check_renewal(witness, known, *record, now)) return broken;
    return check_end(witness, known, *record, now);
}

}  // namespace lockstep::sim
