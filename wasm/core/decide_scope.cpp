// The store under a living session: which one is used, how the session comes along when a wider one opens (R4), and the user's gesture
// that opens it. Two areas count their revisions apart, so that their records are never merged: what the wider one holds is what all others
// see.
#include <utility>

#include "wasm/core/turn.hpp"

namespace lockstep {
namespace {

// No two session ids that contradict each other.
[[nodiscard]] bool may_be_one(const Record& a, const Record& b) { return !a.session_id || !b.session_id || *a.session_id == *b.session_id; }

[[nodiscard]] bool is_named_ended(const std::optional<Record>& record, const Record& session) {
    return record && !is_active(*record) && session.session_id && record->session_id == session.session_id;
}

[[nodiscard]] Record born_again(Turn& turn, const Record& record) {
    Record next = record;
    next.born = next_stamp(turn);  // later than anything that either area has seen (R3)
    next.version = next.born;
    next.duty = {};
    return next;
}

// For its app it is the same session: a change of store is no login, and a logout that names the old birth means this one.
void go_on_as(State& state, const Record& left, const Record& record) {
    state.continued = Continued{left.born, record.born};
    if (state.client && state.client->known) state.client->known->session = record.born;
}

void move(Turn& turn) {
    State& state = turn.state;
    if (state.record) state.left = std::exchange(state.record, std::nullopt);
    state.stored.reset();
    state.cleared_session.reset();
    state.store_seen = state.kept_end_known = state.store_blocked = state.write_failed = state.outdated = false;
    if (state.own_duty) drop_duty(turn);
    state.phase = state.phase == Phase::reading ? Phase::reading : Phase::moving;
    turn.emit(effect::UseStore{state.medium});
}

}  // namespace

void use_widest_store(Turn& turn, const Placement& placement) {
    State& state = turn.state;
    state.placement = placement;
    if (std::exchange(state.medium, widest_medium(placement)) != state.medium) move(turn);
}

void placement_changed(Turn& turn, const event::PlacementChanged& changed) {
    State& state = turn.state;
    if (state.phase == Phase::created) return;
    use_widest_store(turn, changed.placement);
    // Answered by the user, or by what came true without them.
    const bool is_answered = changed.asked || snapshot_of(state).upgrade == Upgrade::none;
    if (is_answered && state.scope_request) state.requests.push_back(*std::exchange(state.scope_request, std::nullopt));
    ask_for_read(turn);
}

void carry_over(Turn& turn, std::optional<Record>& candidate) {
    State& state = turn.state;
    const auto left = std::exchange(state.left, std::nullopt);
    if (!left) return;
    if (!is_active(*left)) {
        if (!candidate) candidate = *left;  // why it ended is still to be told
        return;
    }
    const bool lives = candidate && is_active(*candidate);
    if (!lives && !is_named_ended(candidate, *left)) candidate = born_again(turn, *left);
    if (is_active(*candidate) && candidate->subject == left->subject && may_be_one(*candidate, *left)) go_on_as(state, *left, *candidate);
}

}  // namespace lockstep
