// What the reference knows of a hub that goes from one store to another. Revisions of two stores count apart: nothing
// that was shown in the one is compared with anything in the other. What becomes of a session that comes along is
// written here a second time.
#include <algorithm>
#include <utility>

#include "tests/sim/reference_model.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::sim {
namespace {

[[nodiscard]] bool names_the_same(const Record& a, const Record& b) {
    return a.session_id && a.session_id == b.session_id;
}

[[nodiscard]] bool may_be_one(const Record& a, const Record& b) {
    return !a.session_id || !b.session_id || a.session_id == b.session_id;
}

[[nodiscard]] bool goes_on(const Record& left, const Record& now, const std::optional<Record>& found) {
    if (!is_active(left)) return false;
    if (migrated_suffix(left, now)) return true;
    return found && found->created == now.created && is_active(*found) && found->subject == left.subject &&
           may_be_one(left, *found);
}

// It was heard of and could not be decided while the store was in use.
[[nodiscard]] bool was_cleared(const ReferenceModel& reference, const Record& record) {
    return std::find(reference.cleared.begin(), reference.cleared.end(), record.created) != reference.cleared.end();
}

void end_as(Record& record, const End& end) {
    record.ended = end;
    record.subject.clear();
    record.claims.clear();
    record.check_at.reset();
    record.duty = {};
}

void call_anew(ReferenceModel& reference, const Record& left, const Record& now) {
    reference.goes_on = GoesOn{left.created, now.created};
    reference.is_called_anew = true;
}

}  // namespace

bool migrated_suffix(const Record& left, const Record& record) {
    const std::string mark = left.created.writer.ends_with('m') ? "" : "m";
    return record.created.writer == left.created.writer + mark && left.created.revision < record.created.revision &&
           record.signed_in_at <= left.signed_in_at;  // earlier: it lay in the future (R8)
}

std::optional<Record> come_along(const Record& left, const std::optional<Record>& found) {
    if (!is_active(left)) return found ? *found : left;
    if (found && (is_active(*found) || names_the_same(*found, left))) return found;
    const std::uint64_t seen =
        found ? std::max({found->created.revision, found->updated.revision, found->duty.epoch.revision}) : 0;
    Record next = left;
    next.created.revision = std::max(left.created.revision, seen) + 1;
    if (!next.created.writer.ends_with('m')) next.created.writer += 'm';
    next.updated = next.created;
    next.duty = {};
    return next;
}

void leave_store(ReferenceModel& reference, EpochMs now) {
    // From one store to the next, and on at once: what was on its way into this one is what it holds.
    auto found = held(reference);
    if (found && is_active(*found) && was_cleared(reference, *found)) end_as(*found, End{EndReason::cleared, "", now});
    auto left = std::exchange(reference.left, std::nullopt);
    if (left && !reference.newer) {
        auto holds = come_along(*left, found);
        if (!is_active(*left) && is_active(*holds) && was_migrated_from(reference, *left, *holds))
            end_as(*holds, *left->ended);
        if (goes_on(*left, *holds, found)) call_anew(reference, *left, *holds);
        left = holds;
    }
    reference.left = left ? left : found;
    reference.found.reset();
    reference.known.reset();
    reference.own.reset();
    reference.standing.reset();
    reference.ended.clear();
    reference.newer = reference.blocked = reference.refused = reference.migrated_blind = false;
}

void opened(ReferenceModel& reference) {
    if (!std::exchange(reference.migrated_blind, false)) return;
    reference.left = std::exchange(reference.own, std::nullopt);
    reference.known.reset();
    reference.ended.clear();
}

Violation settle_left(ReferenceModel& reference, EpochMs now) {
    const auto left = std::exchange(reference.left, std::nullopt);
    if (!left) return std::nullopt;
    reference.migrated_blind = reference.blocked;
    const auto holds = held(reference);
    if (holds && goes_on(*left, *holds, reference.found)) call_anew(reference, *left, *holds);
    // A request is made anew: of the session that was found here or came along, and no outcome of the one there answers
    // it.
    const auto comes = come_along(*left, reference.found);
    const bool is_it = holds && comes && holds->created == comes->created;
    for (CheckAsked& check : reference.checks)
        check = is_it ? asked_now(reference, check.id, now) : CheckAsked{check.id, now, {}, {}};
    const bool is_back = holds && is_active(*holds) && !is_active(*left) && was_migrated_from(reference, *left, *holds);
    if (is_back) return "R1: a session that ended elsewhere goes on in the store that it had come from";
    if (is_active(*left) && !holds) return "R4: a session is lost with the store that was left";
    return std::nullopt;
}

bool was_migrated_from(const ReferenceModel& reference, const Record& left, const Record& found) {
    return left.created != found.created && names(reference, found.created, left.created);
}

bool names(const ReferenceModel& reference, const LogicalTimestamp& named, const LogicalTimestamp& created) {
    return named == created ||
           (reference.goes_on && reference.goes_on->before == named && reference.goes_on->now == created);
}

CheckAsked asked_now(const ReferenceModel& reference, std::uint32_t id, EpochMs now) {
    CheckAsked check{id, now, std::nullopt, std::nullopt};
    const auto known = held(reference);
    if (!known || !is_active(*known)) return check;
    check.created = known->created;
    const auto duty = duty_in(*known);
    const bool is_fresh = duty && duty->at <= now && now < duty->at + limits::check_fresh_ms;
    if (duty && duty->state == DutyState::done && !is_fresh) check.stale = duty->epoch;
    return check;
}

}  // namespace lockstep::sim
