#include "wasm/core/decide_activity.hpp"

#include <algorithm>

#include "wasm/core/deadline.hpp"
#include "wasm/core/door.hpp"

namespace lockstep {
namespace {

// Between two writes a touch costs nothing. While the idle warning is shown every touch counts, so that the warning
// goes in all tabs.
[[nodiscard]] bool touch_matters(const State& state, EpochMs now) {
    if (!state.record || !is_active(*state.record) || !state.config.times.idle_timeout_ms) return false;
    const EpochMs coarse_ms = *state.config.times.idle_timeout_ms / limits::activity_writes_per_idle_timeout;
    if (is_in_future(state.record->active_at, now)) return true;  // the last activity is not known
    return state.idle_warned || now >= state.record->active_at + std::max<EpochMs>(coarse_ms, 1);
}

}  // namespace

void touch_received(Transition& transition, const event::TouchReceived& touch) {
    if (!authorize(transition, touch.port, 0, Capability::activity)) return;
    const auto& waiting = transition.state.requests;
    const bool waits = std::any_of(waiting.begin(), waiting.end(),
                                   [](const Request& request) { return std::holds_alternative<Touch>(request); });
    if (!waits && touch_matters(transition.state, transition.now)) enqueue(transition, Touch{});
}

void decide_touch(const Transition& transition, std::optional<Record>& candidate) {
    if (!candidate || !is_active(*candidate)) return;
    candidate->active_at = std::max(candidate->active_at, transition.now);
}

}  // namespace lockstep
