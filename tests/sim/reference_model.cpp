#include "tests/sim/reference_model.hpp"

#include <algorithm>
#include <tuple>

#include "wasm/core/limits.hpp"

namespace lockstep::sim {
namespace {

[[nodiscard]] auto rank(const std::optional<Duty>& duty) {
    const Duty some = duty.value_or(Duty{});
    return std::tuple(duty.has_value(), some.epoch.revision, some.epoch.writer, some.state, some.at, some.failures);
}

// PROTOCOL §4.1: the members in the order in which they are compared.
[[nodiscard]] auto rank(const Record& record) {
    return std::tuple(record.created.revision, std::string_view(record.created.writer), record.updated.revision,
                      std::string_view(record.updated.writer));
}

[[nodiscard]] auto rest(const Record& record) {
    return std::tuple(record.session_id, record.signed_in_at, record.expires_at, record.unknown, record.subject,
                      record.check_at, record.claims);
}

// An act has the revision of the last end, every other end none.
[[nodiscard]] auto end_rank(const Record& record) {
    const bool is_by_act = record.ended && record.last_end >= record.created.revision;
    const End end = record.ended.value_or(End{});
    return std::tuple(record.ended.has_value(), is_by_act ? record.last_end : 0, end.reason, end.by, end.at);
}

}  // namespace

bool is_in_future(EpochMs at, EpochMs now) { return at > now + limits::clock_ahead_ms_max; }

bool has_future_time(const Record& record, EpochMs now) {
    return is_in_future(record.signed_in_at, now) || is_in_future(record.active_at, now);
}

Record joined(const Record& a, const Record& b, EpochMs now) {
    const bool b_wins = rank(a) < rank(b) || (rank(a) == rank(b) && rest(a) < rest(b));
    Record winner = b_wins ? b : a;
    const bool was_active = is_active(winner);
    const bool is_one = a.created == b.created;
    winner.last_end = std::max(a.last_end, b.last_end);
    if (is_one || winner.last_end >= winner.created.revision)
        winner.ended = end_rank(a) < end_rank(b) ? b.ended : a.ended;
    if (is_one) {
        const auto activity = [&](const Record& record, const Record& other) {
            const bool counts = !is_active(record) || !is_in_future(record.active_at, now);
            return counts || is_in_future(other.active_at, now) ? record.active_at : other.active_at;
        };
        winner.active_at = std::max(activity(a, b), activity(b, a));
        // The end at the provider is another duty than the check.
        if (is_active(a) == is_active(b))
            winner.duty = rank(duty_in(a)) < rank(duty_in(b)) ? b.duty : a.duty;
        else
            winner.duty = is_active(a) ? b.duty : a.duty;
    } else if (was_active && winner.ended) {
        winner.duty = {};
    }
    if (winner.ended) {
        winner.subject.clear();
        winner.claims.clear();
        winner.check_at.reset();
    }
    return winner;
}

bool began_before_last_end(const ReferenceModel& reference, const LoginAsked& login,
                           const std::optional<Record>& known) {
    const bool is_of_this_store = login.last_end && login.last_end->medium == reference.medium;
    return known && (is_of_this_store ? login.last_end->revision : 0) < known->last_end;
}

bool is_overdue(const ReferenceModel& reference, const Record& record, EpochMs now) {
    const auto lifetime = reference.times.lifetime_max_ms;
    const bool is_hard = lifetime && now >= record.signed_in_at + *lifetime;
    return is_active(record) && record.check_at && record.expires_at && !is_hard && now >= *record.expires_at;
}

void note_overdue(ReferenceModel& reference) {
    const auto known = held(reference);
    if (!known || !is_overdue(reference, *known, *reference.now)) return;
    const bool is_known = reference.overdue && reference.overdue->created == known->created &&
                          reference.overdue->expires_at == known->expires_at;
    if (!is_known) reference.overdue_since = *reference.now;
    reference.overdue = known;
    reference.overdue_since = std::min(reference.overdue_since, *reference.now);
}

bool is_replaced_by(const LogoutAsked& logout, const Record& record) {
    return logout.session && logout.subject == record.subject && record.last_end < logout.session->revision;
}

void forget_port(ReferenceModel& reference) {
    reference.can_check = reference.can_end = reference.is_welcomed = false;
    reference.check_was_left = reference.check_was_left || !reference.checks.empty();
    reference.checks.clear();
}

namespace {

// R8: activity that lies in the future is discarded where the same session shows another, also when its time comes
// before the next write.
void discard_future_activity(std::optional<Record>& kept, const Record& record, EpochMs now) {
    if (kept && kept->created == record.created && is_active(*kept) && is_in_future(kept->active_at, now) &&
        !is_in_future(record.active_at, now))
        kept->active_at = record.active_at;
}

}  // namespace

void shown(ReferenceModel& reference, const Record& record) {
    reference.known = reference.known ? joined(*reference.known, record, *reference.now) : record;
    discard_future_activity(reference.own, record, *reference.now);
    const auto duty = duty_in(record);
    const std::uint64_t claimed = duty ? duty->epoch.revision : 0;
    reference.revision_seen =
        std::max({reference.revision_seen, record.created.revision, record.updated.revision, record.last_end, claimed});
    for (const Record& each : {record, *reference.known}) {  // the join may have ended a session that missed an end
        if (each.ended && !knows_end_of(reference, each.created)) reference.ended.push_back(each.created);
    }
}

void decided_alone(ReferenceModel& reference, const Record& record) {
    reference.own = record;
    // It was decided on all that the hub had read, whose activity it holds: what was joined once stays joined.
    if (reference.known && reference.known->created == record.created) reference.known->active_at = record.active_at;
}

std::optional<Record> held(const ReferenceModel& reference) {
    if (!reference.known || !reference.own) return reference.known ? reference.known : reference.own;
    return joined(*reference.known, *reference.own, *reference.now);
}

bool knows_end_of(const ReferenceModel& reference, const LogicalTimestamp& created) {
    return std::find(reference.ended.begin(), reference.ended.end(), created) != reference.ended.end();
}

}  // namespace lockstep::sim
