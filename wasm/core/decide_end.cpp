#include "wasm/core/decide_end.hpp"

#include <algorithm>
#include <utility>

#include "wasm/core/deadline.hpp"

namespace lockstep {
namespace {

// R7: the expiry says until when the session is known to live. Where a check was due before it, that is asked first,
// also where the machine slept over both.
void note_overdue(Transition& transition, const Record& record) {
    State& state = transition.state;
    if (!waits_for_check(state, record) || transition.now < *record.expires_at) return;
    if (!is_overdue(state, record)) state.overdue = Overdue{record.created, *record.expires_at, transition.now};
    state.overdue->since = std::min(state.overdue->since, transition.now);  // a clock may be set back
}

}  // namespace

void correct_future_times(Transition& transition, std::optional<Record>& candidate) {
    const EpochMs now = transition.now;
    if (!candidate || !is_active(*candidate) || !has_future_time(*candidate, now)) return;
    if (is_in_future(candidate->signed_in_at, now)) candidate->signed_in_at = now;
    if (is_in_future(candidate->active_at, now)) candidate->active_at = now;
    if (candidate->check_at) candidate->check_at = std::min(*candidate->check_at, now);
    candidate->updated = next_update(transition, *candidate);
}

void end_when_due(Transition& transition, std::optional<Record>& candidate) {
    if (!candidate || !is_active(*candidate)) return;
    note_overdue(transition, *candidate);
    const auto end = end_of(transition.state, *candidate);
    if (!end || transition.now < end->at) return;
    const EndReason reason = end->reason == WakeReason::idle_end ? EndReason::idle : EndReason::expired;
    // Every hub decides this end alike, so it has no writer, and the deadline as its time: fifty tabs write one and the
    // same text, which the browser announces once.
    const EpochMs at = reason == EndReason::idle ? end->at : *expires_at(transition.state, *candidate);
    candidate = ended_copy(*candidate, End{reason, "", at}, common_timestamp(*candidate));
}

void end_when_cleared(Transition& transition, std::optional<Record>& candidate) {
    const auto& cleared = transition.state.cleared_session;
    if (!cleared || !candidate || !is_active(*candidate) || candidate->created != *cleared) return;
    candidate = ended_copy(*candidate, End{EndReason::cleared, "", transition.now}, next_timestamp(transition));
}

}  // namespace lockstep
