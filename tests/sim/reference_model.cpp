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

// PROTOCOL §4, Merge: the members in the order in which they are compared.
[[nodiscard]] auto rank(const Record& record) {
    return std::tuple(record.created.revision, std::string_view(record.created.writer), record.ended.has_value(),
                      record.updated.revision, std::string_view(record.updated.writer));
}

[[nodiscard]] auto rest(const Record& record) {
    const End end = record.ended.value_or(End{});
    return std::tuple(end.reason, end.by, end.at, record.subject, record.session_id, record.signed_in_at,
                      record.expires_at, record.check_at, record.claims, record.unknown);
}

}  // namespace

bool is_in_future(EpochMs at, EpochMs now) { return at > now + limits::clock_ahead_ms_max; }

bool has_future_time(const Record& record, EpochMs now) {
    return is_in_future(record.signed_in_at, now) || is_in_future(record.active_at, now);
}

Record joined(const Record& a, const Record& b, EpochMs now) {
    const bool b_wins = rank(a) < rank(b) || (rank(a) == rank(b) && rest(a) < rest(b));
    Record winner = b_wins ? b : a;
    if (a.created != b.created) return winner;
    const auto activity = [&](const Record& record, const Record& other) {
        const bool counts = !is_active(record) || !is_in_future(record.active_at, now);
        return counts || is_in_future(other.active_at, now) ? record.active_at : other.active_at;
    };
    winner.active_at = std::max(activity(a, b), activity(b, a));
    if (is_active(a) == is_active(b)) winner.duty = rank(duty_in(a)) < rank(duty_in(b)) ? b.duty : a.duty;
    return winner;
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
        std::max({reference.revision_seen, record.created.revision, record.updated.revision, claimed});
    if (record.ended && !knows_end_of(reference, record.created)) reference.ended.push_back(record.created);
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
