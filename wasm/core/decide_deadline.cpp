// Expiry and idle time. Deadlines are absolute times compared at every event; the one timer only makes sure that some
// event comes (R8). A deadline is never acted on from memory: the store is read first, since another tab may have moved
// it (R9).
#include <algorithm>

#include "wasm/core/transition.hpp"

namespace lockstep {
namespace {

struct Deadline {
    EpochMs at;
    WakeReason reason;
};

[[nodiscard]] std::optional<Deadline> earlier_of(std::optional<Deadline> a, std::optional<Deadline> b) {
    if (!a) return b;
    if (!b) return a;
    return b->at < a->at ? b : a;
}

[[nodiscard]] std::optional<Deadline> end_of(const State& state, const Record& record) {
    std::optional<Deadline> expiry;
    std::optional<Deadline> idle;
    if (const auto at = expires_at(state, record)) expiry = Deadline{*at, WakeReason::expiry};
    if (const auto at = idle_at(state, record)) idle = Deadline{*at, WakeReason::idle_end};
    return earlier_of(expiry, idle);
}

// With a record that only a newer hub can read there is nothing to compare: that hub minds the deadlines.
[[nodiscard]] const Record* active_record(const State& state) {
    if (state.outdated) return nullptr;
    return state.record && is_active(*state.record) ? &*state.record : nullptr;
}

// Of what this hub may do for all, and of who waits for it.
[[nodiscard]] std::optional<Deadline> duty_of(const State& state, EpochMs now) {
    std::optional<Deadline> next;
    if (const auto at = duty_deadline(state, now)) next = Deadline{*at, WakeReason::duty};
    if (const auto at = check_answer_at(state)) next = earlier_of(next, Deadline{*at, WakeReason::duty});
    return next;
}

[[nodiscard]] std::optional<EpochMs> idle_warning_at(const State& state, const Record& record) {
    const auto at = idle_at(state, record);
    if (!at || state.config.times.idle_warning_ms <= 0) return std::nullopt;
    return *at - state.config.times.idle_warning_ms;
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
    const std::optional<EpochMs> at = next ? std::optional(next->at) : std::nullopt;
    if (at == state.timer_at) return;
    state.timer_at = at;
    transition.emit(effect::SetTimer{at, next ? next->reason : WakeReason::expiry});
}

}  // namespace

std::optional<EpochMs> expires_at(const State& state, const Record& record) {
    const auto lifetime = state.config.times.lifetime_max_ms;
    if (!lifetime) return record.expires_at;
    const EpochMs last = record.signed_in_at + *lifetime;
    return record.expires_at ? std::min(*record.expires_at, last) : last;
}

std::optional<EpochMs> idle_at(const State& state, const Record& record) {
    const auto timeout = state.config.times.idle_timeout_ms;
    if (!timeout) return std::nullopt;
    return record.active_at + *timeout;
}

void end_when_due(const Transition& transition, std::optional<Record>& candidate) {
    if (!candidate || !is_active(*candidate)) return;
    const auto end = end_of(transition.state, *candidate);
    if (!end || transition.now < end->at) return;
    const EndReason reason = end->reason == WakeReason::idle_end ? EndReason::idle : EndReason::expired;
    // Every hub decides this end alike, so it bears no writer and the deadline for its time: fifty tabs write one and
    // the same text, which the browser announces once.
    candidate = ended_copy(*candidate, End{reason, "", end->at}, common_timestamp(*candidate));
}

bool warns_of_idle_end(const State& state, EpochMs now) {
    const Record* record = active_record(state);
    if (record == nullptr) return false;
    const auto warning_at = idle_warning_at(state, *record);
    return warning_at && now >= *warning_at;
}

bool has_passed_end(const State& state, EpochMs now) {
    const Record* record = active_record(state);
    if (record == nullptr) return false;
    const auto end = end_of(state, *record);
    return end && now >= end->at;
}

bool is_due(const State& state, EpochMs now) {
    if (const auto duty = duty_of(state, now); duty && now >= duty->at) return true;
    return has_passed_end(state, now) || (!state.idle_warned && warns_of_idle_end(state, now));
}

void mind_deadlines(Transition& transition, Basis basis) {
    if (transition.state.phase != Phase::running) return;
    // What follows from a fresh look has been decided; before one, nothing is.
    if (basis == Basis::memory && !transition.state.writing && is_due(transition.state, transition.now))
        return ask_for_read(transition);
    set_timer(transition);
}

}  // namespace lockstep
