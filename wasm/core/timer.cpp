#include "wasm/core/timer.hpp"

#include <utility>

#include "wasm/core/deadline.hpp"
#include "wasm/core/decide_check.hpp"
#include "wasm/core/decide_push.hpp"
#include "wasm/core/duty_schedule.hpp"

namespace lockstep {
namespace {

// Of a duty that this hub may do, and of requests that wait for the outcome of one.
[[nodiscard]] std::optional<Deadline> duty_of(const State& state, EpochMs now) {
    std::optional<Deadline> next;
    if (const auto at = duty_deadline(state, now)) next = Deadline{*at, WakeReason::duty};
    if (const auto at = check_answer_at(state)) next = earlier_of(next, Deadline{*at, WakeReason::duty});
    return next;
}

[[nodiscard]] bool is_to_be_corrected(const State& state, EpochMs now) {
    const Record* record = active_record(state);
    return record != nullptr && has_future_time(*record, now);
}

[[nodiscard]] bool is_due(const State& state, EpochMs now) {
    if (const auto duty = duty_of(state, now); duty && now >= duty->at) return true;
    return has_passed_end(state, now) || (!state.idle_warned && warns_of_idle_end(state, now));
}

void set_timer(Transition& transition) {
    State& state = transition.state;
    if (state.reading || state.writing) return;  // the answer is the next event, and may move the deadline
    std::optional<Deadline> next;
    if (const Record* record = active_record(state)) {
        next = end_of(state, *record);
        const auto warning_at = idle_warning_at(state, *record);
        if (warning_at && !state.idle_warned && transition.now < *warning_at) {
            next = earlier_of(Deadline{*warning_at, WakeReason::idle_warning}, next);
        }
    }
    next = earlier_of(next, duty_of(state, transition.now));
    if (const auto at = stream_deadline(state, transition.now))
        next = earlier_of(next, Deadline{*at, WakeReason::stream});
    const std::optional<EpochMs> at = next ? std::optional(next->at) : std::nullopt;
    const bool is_stale = std::exchange(state.timer_is_stale, false);
    if (at == state.timer_at && !(at && is_stale)) return;
    state.timer_at = at;
    transition.emit(effect::SetTimer{at, next ? next->reason : WakeReason::expiry});
}

}  // namespace

void compare_deadlines(Transition& transition, Basis basis) {
    if (transition.state.phase != Phase::running) return;
    // After a fresh read everything that is due has been decided; before one, nothing is decided.
    const bool is_read_due = basis == Basis::memory && is_due(transition.state, transition.now);
    // A clock may also be set right while a write is under way.
    if (!transition.state.writing && (is_read_due || is_to_be_corrected(transition.state, transition.now)))
        return ask_for_read(transition);
    set_timer(transition);
}

}  // namespace lockstep
