// The store under a living session: which one is used, how the session comes along when a wider one opens (R4), and the user's gesture
// that opens it. Two areas count their revisions apart, so that their records are never merged: what the wider one holds is what all others
// see.
#include <algorithm>
#include <utility>

#include "wasm/core/turn.hpp"

namespace lockstep {
namespace {

// No two session ids that contradict each other.
[[nodiscard]] bool may_be_one(const Record& a, const Record& b) { return !a.session_id || !b.session_id || *a.session_id == *b.session_id; }

[[nodiscard]] bool is_named_ended(const std::optional<Record>& record, const Record& session) {
    return record && !is_active(*record) && session.session_id && record->session_id == session.session_id;
}

// Left with the one name and found with the other, it is known to this hub as one session.
[[nodiscard]] bool came_from(const State& state, const Record& left, const Record& record) {
    return left.born != record.born && names(state, record.born, left.born);
}

// Ends the writer's name in the births of sessions that came along; the writers that hubs choose are hexadecimal.
constexpr char came_along = 'm';

// Later than anything that the new store has shown (R3). Every tab that comes along at the same moment decides the same birth: for their
// apps it is one session, and a logout in one of them must mean that of all.
[[nodiscard]] Record born_again(State& state, const Record& left, const std::optional<Record>& found) {
    Record next = left;
    next.born.revision = std::max(left.born.revision, found ? highest_revision(*found) : 0) + 1;
    std::string& writer = next.born.writer;
    if (!writer.ends_with(came_along) && writer.size() < limits::writer_bytes_max) writer += came_along;
    next.version = next.born;
    next.duty = {};
    state.revision_seen = std::max(state.revision_seen, next.born.revision);
    return next;
}

// For its app it is the same session: a change of store is no login, and a logout that names the old birth means this one.
void go_on_as(State& state, const Record& left, const Record& record) {
    state.continued = Continued{left.born, record.born};
    if (state.client && state.client->known && state.client->known->session == left.born) state.client->known->session = record.born;
}

// What is numbered by the revisions of one store says nothing in another.
void forget_numbers(State& state) {
    state.lock_busy_until.reset();
    state.ended_here = state.retried_early = 0;
    for (const WaitingCheck& waiting : std::exchange(state.waiting_checks, {})) {
        state.requests.emplace_back(event::CheckReceived{waiting.port, waiting.id});
    }
}

[[nodiscard]] bool will_be_shared(const State& state, const Placement& placement) {
    const std::string_view origin = state.client ? std::string_view(state.client->origin) : std::string_view();
    return scope_of(state.config, placement, origin, widest_medium(placement)) == Scope::shared;
}

void move(Turn& turn) {
    State& state = turn.state;
    if (!state.outdated) carry_over(turn, state.record);  // what was on its way into the store that is left now
    set_out(turn);
    state.stored.reset();
    state.store_blocked = state.write_failed = state.outdated = false;
    state.phase = state.phase == Phase::reading ? Phase::reading : Phase::moving;
    turn.emit(effect::UseStore{state.medium});
}

}  // namespace

void use_widest_store(Turn& turn, const Placement& placement) {
    State& state = turn.state;
    state.placement = placement;
    if (std::exchange(state.medium, widest_medium(placement)) != state.medium) move(turn);
}

// R1, R12: the session may have ended in the store that is left, and this tab not have heard of it. So that store is looked at once more.
void placement_changed(Turn& turn, const event::PlacementChanged& changed) {
    State& state = turn.state;
    if (state.phase == Phase::created) return;
    state.placement_next = changed.placement;
    // Answered by the user, or by what came true without them.
    if (state.scope_request && (changed.asked || will_be_shared(state, changed.placement))) {
        state.requests.emplace_back(*std::exchange(state.scope_request, std::nullopt));
    }
    ask_for_read(turn);
}

void set_out(Turn& turn) {
    State& state = turn.state;
    end_when_cleared(turn, state.record);
    state.cleared_session.reset();
    if (!state.left) state.left = std::move(state.record);
    state.record.reset();
    state.store_seen = state.kept_end_known = state.came_unseen = false;
    if (state.own_duty) drop_duty(turn);
    forget_numbers(state);
}

void carry_over(Turn& turn, std::optional<Record>& candidate) {
    State& state = turn.state;
    const auto left = std::exchange(state.left, std::nullopt);
    if (!left) return;
    state.came_unseen = state.store_blocked;
    if (!is_active(*left)) {
        if (!candidate) candidate = *left;  // why it ended is still to be told
        if (is_active(*candidate) && came_from(state, *left, *candidate)) {
            const Stamp version = is_by_deadline(*left->ended) ? stamp_of_all(*candidate) : next_stamp(turn);
            candidate = ended_copy(*candidate, *left->ended, version);
        }
        return;
    }
    const bool lives = candidate && is_active(*candidate);
    if (!lives && !is_named_ended(candidate, *left)) candidate = born_again(state, *left, candidate);
    if (is_active(*candidate) && candidate->subject == left->subject && may_be_one(*candidate, *left)) go_on_as(state, *left, *candidate);
}

bool names(const State& state, const Stamp& named, const Stamp& born) {
    return named == born || (state.continued && state.continued->before == named && state.continued->now == born);
}

}  // namespace lockstep
