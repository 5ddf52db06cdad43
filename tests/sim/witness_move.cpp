// What the witness knows of a hub that goes from one store to another. Revisions of two stores count apart: nothing that was shown in the
// one is compared with anything in the other. What becomes of a session that comes along is written here a second time.
#include <algorithm>
#include <utility>

#include "tests/sim/witness.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::sim {
namespace {

[[nodiscard]] bool names_the_same(const Record& a, const Record& b) { return a.session_id && a.session_id == b.session_id; }

[[nodiscard]] bool may_be_one(const Record& a, const Record& b) { return !a.session_id || !b.session_id || a.session_id == b.session_id; }

[[nodiscard]] bool goes_on(const Record& left, const Record& now, const std::optional<Record>& found) {
    if (!is_active(left)) return false;
    if (came_along(left, now)) return true;
    return found && found->born == now.born && is_active(*found) && found->subject == left.subject && may_be_one(left, *found);
}

// It was heard of and could not be decided while the store was in use.
[[nodiscard]] bool was_cleared(const Witness& witness, const Record& record) {
    return std::find(witness.cleared.begin(), witness.cleared.end(), record.born) != witness.cleared.end();
}

void end_as(Record& record, const End& end) {
    record.ended = end;
    record.subject.clear();
    record.claims.clear();
    record.check_at.reset();
    record.duty = {};
}

void call_anew(Witness& witness, const Record& left, const Record& now) {
    witness.goes_on = GoesOn{left.born, now.born};
    witness.is_called_anew = true;
}

}  // namespace

bool came_along(const Record& left, const Record& record) {
    const std::string mark = left.born.writer.ends_with('m') ? "" : "m";
    return record.born.writer == left.born.writer + mark && left.born.revision < record.born.revision &&
           record.signed_in_at == left.signed_in_at;
}

std::optional<Record> come_along(const Record& left, const std::optional<Record>& found) {
    if (!is_active(left)) return found ? *found : left;
    if (found && (is_active(*found) || names_the_same(*found, left))) return found;
    const std::uint64_t seen = found ? std::max({found->born.revision, found->version.revision, found->duty.epoch.revision}) : 0;
    Record next = left;
    next.born.revision = std::max(left.born.revision, seen) + 1;
    if (!next.born.writer.ends_with('m')) next.born.writer += 'm';
    next.version = next.born;
    next.duty = {};
    return next;
}

void leave_store(Witness& witness, EpochMs now) {
    // From one store to the next, and on at once: what was on its way into this one is what it holds.
    auto found = held(witness);
    if (found && is_active(*found) && was_cleared(witness, *found)) end_as(*found, End{EndReason::cleared, "", now});
    auto left = std::exchange(witness.left, std::nullopt);
    if (left && !witness.newer) {
        auto holds = come_along(*left, found);
        if (!is_active(*left) && is_active(*holds) && came_from(witness, *left, *holds)) end_as(*holds, *left->ended);
        if (goes_on(*left, *holds, found)) call_anew(witness, *left, *holds);
        left = holds;
    }
    witness.left = left ? left : found;
    witness.found.reset();
    witness.known.reset();
    witness.own.reset();
    witness.standing.reset();
    witness.ended.clear();
    witness.newer = witness.blocked = witness.refused = witness.came_unseen = false;
}

void opened(Witness& witness) {
    if (!std::exchange(witness.came_unseen, false)) return;
    witness.left = std::exchange(witness.own, std::nullopt);
    witness.known.reset();
    witness.ended.clear();
}

Violation settle_left(Witness& witness, EpochMs now) {
    const auto left = std::exchange(witness.left, std::nullopt);
    if (!left) return std::nullopt;
    witness.came_unseen = witness.blocked;
    const auto holds = held(witness);
    if (holds && goes_on(*left, *holds, witness.found)) call_anew(witness, *left, *holds);
    // A request is made anew: of the session that was found here or came along, and no outcome of the one there answers it.
    const auto comes = come_along(*left, witness.found);
    const bool is_it = holds && comes && holds->born == comes->born;
    for (CheckAsked& check : witness.checks) check = is_it ? asked_now(witness, check.id, now) : CheckAsked{check.id, now, {}, {}};
    const bool is_back = holds && is_active(*holds) && !is_active(*left) && came_from(witness, *left, *holds);
    if (is_back) return "R1: a session that ended elsewhere goes on in the store that it had come from";
    if (is_active(*left) && !holds) return "R4: a session is lost with the store that was left";
    return std::nullopt;
}

bool came_from(const Witness& witness, const Record& left, const Record& found) {
    return left.born != found.born && names(witness, found.born, left.born);
}

bool names(const Witness& witness, const Stamp& named, const Stamp& born) {
    return named == born || (witness.goes_on && witness.goes_on->before == named && witness.goes_on->now == born);
}

CheckAsked asked_now(const Witness& witness, std::uint32_t id, EpochMs now) {
    CheckAsked check{id, now, std::nullopt, std::nullopt};
    const auto known = held(witness);
    if (!known || !is_active(*known)) return check;
    check.born = known->born;
    const auto duty = duty_in(*known);
    const bool is_fresh = duty && duty->at <= now && now < duty->at + limits::check_fresh_ms;
    if (duty && duty->state == DutyState::done && !is_fresh) check.stale = duty->epoch;
    return check;
}

}  // namespace lockstep::sim
