#include "wasm/core/decide_end.hpp"

#include <algorithm>
#include <utility>

#include "wasm/core/deadline.hpp"

namespace lockstep {

void correct_future_times(Transition& transition, std::optional<Record>& candidate) {
    const EpochMs now = transition.now;
    if (!candidate || !is_active(*candidate) || !has_future_time(*candidate, now)) return;
    if (is_in_future(candidate->signed_in_at, now)) candidate->signed_in_at = now;
    if (is_in_future(candidate->active_at, now)) candidate->active_at = now;
    if (candidate->check_at) candidate->check_at = std::min(*candidate->check_at, now);
    candidate->updated = next_update(transition, *candidate);
}

void end_when_due(const Transition& transition, std::optional<Record>& candidate) {
    if (!candidate || !is_active(*candidate)) return;
    const auto end = end_of(transition.state, *candidate);
    if (!end || transition.now < end->at) return;
    const EndReason reason = end->reason == WakeReason::idle_end ? EndReason::idle : EndReason::expired;
    // Every hub decides this end alike, so it has no writer, and the deadline as its time: fifty tabs write one and the
    // same text, which the browser announces once.
    candidate = ended_copy(*candidate, End{reason, "", end->at}, common_timestamp(*candidate));
}

void end_when_cleared(Transition& transition, std::optional<Record>& candidate) {
    const auto cleared = std::exchange(transition.state.cleared_session, std::nullopt);
    if (!cleared || !candidate || !is_active(*candidate) || candidate->created != *cleared) return;
    candidate = ended_copy(*candidate, End{EndReason::cleared, "", transition.now}, next_timestamp(transition));
}

}  // namespace lockstep
