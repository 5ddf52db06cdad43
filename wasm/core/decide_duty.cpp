// One tab acts for all (R6): no standing leader, no heartbeat. When a duty falls due a hub claims it, visible tabs
// first. A claim has an epoch, which fences late outcomes, and an end, after which another hub may claim. Where there
// are locks a claim is made under one; elsewhere it settles and is read again, and two that act at once do no harm.
#include <algorithm>
#include <utility>

#include "wasm/core/transition.hpp"

namespace lockstep {
namespace {

[[nodiscard]] DutyKind kind_of(const Record& record) { return is_active(record) ? DutyKind::check : DutyKind::end; }

[[nodiscard]] bool app_may_act(const State& state, DutyKind kind) {
    if (!state.client || !state.client->announced) return false;
    return kind == DutyKind::check ? state.client->can_check : state.client->can_end;
}

// The one who was given it is still there and still able.
[[nodiscard]] bool is_able(const State& state, const OwnDuty& own) {
    if (own.stage != DutyStage::acting) return may_act(state, own.kind);
    return own.port == 0 || (app_may_act(state, own.kind) && state.client->port == own.port);
}

// Up to a part of a delay, so that browsers and tabs that failed together do not come back together. From the claim or
// the writer itself: every hub reckons alike when a claim failed.
[[nodiscard]] EpochMs jitter_ms(const LogicalTimestamp& timestamp, EpochMs below_ms) {
    std::uint64_t noise = timestamp.revision;
    for (const char c : timestamp.writer) noise = noise * 31 + static_cast<unsigned char>(c);
    return static_cast<EpochMs>(noise % static_cast<std::uint64_t>(below_ms));
}

[[nodiscard]] EpochMs retry_delay_ms(const Duty& duty) {
    EpochMs delay_ms = limits::retry_ms_min;
    for (std::int64_t i = 1; i < duty.failures && delay_ms < limits::retry_ms_max; ++i) delay_ms *= 2;
    delay_ms = std::min(delay_ms, limits::retry_ms_max);
    return delay_ms + jitter_ms(duty.epoch, delay_ms / 4);
}

// A stored time too far ahead was written before the clock was set back. It is due at once: what is reckoned from now
// on would never be.
[[nodiscard]] EpochMs clamp_future(EpochMs at, EpochMs now, EpochMs ahead_ms_max) {
    return at > now + ahead_ms_max ? now : at;
}

// Settling, or at work.
[[nodiscard]] EpochMs waits_until(const OwnDuty& own, EpochMs now) {
    return clamp_future(own.until, now,
                        own.stage == DutyStage::settling ? limits::claim_settle_ms : limits::duty_ms_max);
}

[[nodiscard]] EpochMs lock_free_at(const State& state, EpochMs now) {
    return clamp_future(state.lock_busy_until.value_or(now), now, limits::lock_retry_ms * 2);
}

[[nodiscard]] EpochMs grace_ms(const State& state) { return state.visible ? 0 : limits::duty_hidden_grace_ms; }

[[nodiscard]] bool is_concluded(const Duty& duty) {
    return duty.state == DutyState::unknown || duty.state == DutyState::done;
}

// Somebody here waits for an outcome that is neither there nor on its way.
[[nodiscard]] bool is_asked_for(const State& state, const Record& record) {
    const auto waits = [&](const WaitingCheck& waiting) {
        const bool is_answered = is_concluded(record.duty) && waiting.after < record.duty.epoch.revision;
        return waiting.created == record.created.revision && !is_answered;
    };
    return std::any_of(state.waiting_checks.begin(), state.waiting_checks.end(), waits);
}

// When a duty that nobody has claimed yet, or that was done, falls due (again).
[[nodiscard]] std::optional<EpochMs> fresh_due_at(const State& state, const Record& record, EpochMs now) {
    if (is_active(record)) {
        if (is_asked_for(state, record)) return now;
        return record.check_at ? std::optional(*record.check_at + grace_ms(state)) : std::nullopt;
    }
    if (record.duty.state == DutyState::done) return std::nullopt;  // once
    if (state.ended_here == record.created.revision) return now;
    const EpochMs wait_ms = limits::end_duty_grace_ms + grace_ms(state);
    return clamp_future(record.ended->at + wait_ms, now, wait_ms);
}

[[nodiscard]] std::optional<EpochMs> due_at(const State& state, const Record& record, EpochMs now) {
    const Duty& duty = record.duty;
    switch (duty.state) {
        case DutyState::none:
        case DutyState::done: return fresh_due_at(state, record, now);
        case DutyState::wanted: return std::min(duty.at, now);
        case DutyState::claimed:
            return clamp_future(duty.at + grace_ms(state), now, limits::claim_ms + grace_ms(state));
        case DutyState::unknown: {
            const EpochMs at = clamp_future(duty.at, now, limits::retry_ms_max * 2);
            const bool early =
                state.retried_early == duty.epoch.revision || (is_active(record) && is_asked_for(state, record));
            return early ? std::min(at, failed_at(duty) + limits::retry_ms_min) : at;
        }
    }
    return std::nullopt;
}

[[nodiscard]] CheckReason reason_of(const State& state, const Record& record) {
    if (is_asked_for(state, record) || record.duty.state == DutyState::wanted) return CheckReason::request;
    return record.duty.state == DutyState::unknown ? CheckReason::retry : CheckReason::expiry;
}

// A claim of one's own, or the call for one. Failures in a row are counted through both.
void put_duty(Transition& transition, Record& candidate, DutyState duty_state, EpochMs at) {
    Duty& duty = candidate.duty;
    duty.epoch = next_timestamp(transition);
    duty.state = duty_state;
    duty.at = at;
}

void claim(Transition& transition, OwnDuty& own, Record& candidate) {
    put_duty(transition, candidate, DutyState::claimed, transition.now + limits::claim_ms);
    own.stage = DutyStage::claiming;
    own.revision = candidate.duty.epoch.revision;
}

void act(Transition& transition, OwnDuty& own) {
    own.stage = DutyStage::acting;
    own.until = transition.now + limits::duty_ms_max;
    own.port = app_may_act(transition.state, own.kind) ? transition.state.client->port : 0;
    own.call = ++transition.state.call_last;
    const Record& record = *transition.state.record;
    const EndReason end_reason = record.ended ? record.ended->reason : EndReason{};
    transition.emit(effect::CallDuty{own.port, own.call, own.kind, own.check_reason, end_reason, record.session_id});
}

// So that another takes it up at once, and does not wait for the claim to end.
void hand_over(Transition& transition, Record& candidate) {
    const OwnDuty& own = *transition.state.own_duty;
    const bool is_claimed = own.stage != DutyStage::locking && own.stage != DutyStage::locked;
    if (is_claimed) want_duty(transition, candidate);
    drop_duty(transition);
}

void go_on(Transition& transition, std::optional<Record>& candidate) {
    State& state = transition.state;
    OwnDuty& own = *state.own_duty;
    if (state.outdated || !is_claim_current(state, candidate, transition.now)) return drop_duty(transition);
    if (state.leaving || !is_able(state, own)) return hand_over(transition, *candidate);
    const auto due = due_at(state, *candidate, transition.now);
    switch (own.stage) {
        case DutyStage::locking:
        case DutyStage::claiming: return;  // an answer is under way
        case DutyStage::locked:
            if (!due || transition.now < *due) return drop_duty(transition);  // another was quicker
            return claim(transition, own, *candidate);
        case DutyStage::settling:
            if (transition.now >= waits_until(own, transition.now)) act(transition, own);
            return;
        case DutyStage::acting:
            if (transition.now < waits_until(own, transition.now)) return;
            fail(state, candidate->duty, transition.now);
            return drop_duty(transition);
    }
}

}  // namespace

bool may_act(const State& state, DutyKind kind) {
    if (app_may_act(state, kind)) return true;
    return kind == DutyKind::check && !state.config.check_url.empty() && state.client && state.client->announced;
}

// Is the record still such that the duty of this hub makes sense, and the claim, once made, still its own?
bool is_claim_current(const State& state, const std::optional<Record>& record, EpochMs now) {
    const OwnDuty& own = *state.own_duty;
    if (!record || kind_of(*record) != own.kind) return false;
    if (own.stage == DutyStage::locking || own.stage == DutyStage::locked) return true;
    const Duty& duty = record->duty;
    if (duty.state != DutyState::claimed || duty.epoch.revision != own.revision || duty.epoch.writer != state.writer)
        return false;
    // A page that was frozen after its claim does not begin when another may have taken over; who is at work may still
    // have the outcome.
    return own.stage == DutyStage::acting || now < duty.at;
}

void want_duty(Transition& transition, Record& candidate) {
    put_duty(transition, candidate, DutyState::wanted, transition.now);
}

void conclude(Duty& duty, EpochMs now) {
    duty.state = DutyState::done;
    duty.at = now;
    duty.failures = 0;
}

void fail(const State& state, Duty& duty, EpochMs now) {
    const bool is_end = state.own_duty && state.own_duty->kind == DutyKind::end;
    duty.failures = std::min(duty.failures + 1, limits::failures_max);
    // Given up: the provider's own time-out has to do.
    if (is_end && duty.failures >= limits::end_failures_max) return conclude(duty, now);
    duty.state = DutyState::unknown;
    duty.at = now + retry_delay_ms(duty);
}

EpochMs failed_at(const Duty& duty) { return duty.at - retry_delay_ms(duty); }

std::optional<EpochMs> duty_deadline(const State& state, EpochMs now) {
    if (state.outdated || !state.record) return std::nullopt;
    if (const auto& own = state.own_duty) {
        const bool waits = own->stage == DutyStage::settling || own->stage == DutyStage::acting;
        return waits ? std::optional(waits_until(*own, now)) : std::nullopt;
    }
    if (state.leaving || state.lock_asked || !may_act(state, kind_of(*state.record))) return std::nullopt;
    const auto due = due_at(state, *state.record, now);
    if (!due || !state.lock_busy_until) return due;
    return std::max(*due, lock_free_at(state, now));
}

void decide_duty(Transition& transition, std::optional<Record>& candidate) {
    if (transition.state.own_duty) go_on(transition, candidate);
}

// R5: a duty is taken up when the record that asks for it is durable, …
void take_up_duty(Transition& transition) {
    State& state = transition.state;
    if (state.own_duty || state.lock_asked || state.reading || state.outdated || state.leaving || !state.record) return;
    if (!may_act(state, kind_of(*state.record))) return;
    const Record& record = *state.record;
    const auto due = due_at(state, record, transition.now);
    if (!due || transition.now < *due || transition.now < lock_free_at(state, transition.now)) return;
    OwnDuty& own = state.own_duty.emplace();
    own.stage = DutyStage::locking;
    own.kind = kind_of(record);
    own.check_reason = reason_of(state, record);
    state.lock_asked = true;
    // A claim that has ended was a dead or frozen tab's. A frozen one holds the lock still, and only then is it taken
    // over: of many tabs that take it over at once each would be the victim of the next.
    transition.emit(effect::AskLock{record.duty.state == DutyState::claimed && state.lock_busy_until.has_value()});
}

// … and begun when its claim is.
void begin_duty(Transition& transition) {
    auto& own = transition.state.own_duty;
    if (!own || own->stage != DutyStage::claiming) return;
    if (!is_claim_current(transition.state, transition.state.record, transition.now)) {
        drop_duty(transition);
        return ask_for_read(transition);
    }
    if (own->has_lock) return act(transition, *own);
    own->stage = DutyStage::settling;
    own->until = transition.now + limits::claim_settle_ms;
}

void lock_answered(Transition& transition, const event::LockAnswered& answered) {
    State& state = transition.state;
    const bool has_lock = answered.answer == LockAnswer::granted;
    if (!state.lock_asked) return;
    state.lock_asked = false;
    if (!state.own_duty) {  // not its own any more, but by now there may be another
        if (has_lock) transition.emit(effect::ReleaseLock{});
        return ask_for_read(transition);
    }
    if (answered.answer == LockAnswer::busy) {
        state.own_duty.reset();
        state.lock_busy_until = transition.now + limits::lock_retry_ms +
                                jitter_ms(LogicalTimestamp{0, state.writer}, limits::lock_retry_ms);
        return;
    }
    state.lock_busy_until.reset();
    state.own_duty->stage = DutyStage::locked;
    state.own_duty->has_lock = has_lock;
    ask_for_read(transition);
}

// Another hub took it for dead. If that one makes a claim of its own, this one's is over; if it has seen this one's by
// now, it will not, and somebody must go on: the claim decides, not the lock.
void lock_lost(Transition& transition) {
    auto& own = transition.state.own_duty;
    if (!own) return;
    own->has_lock = false;
    if (own->stage == DutyStage::locked) drop_duty(transition);
    ask_for_read(transition);
}

void drop_duty(Transition& transition) {
    const OwnDuty own = *transition.state.own_duty;
    transition.state.own_duty.reset();
    if (own.stage == DutyStage::acting) transition.emit(effect::CancelDuty{own.port, own.call});
    if (own.has_lock) transition.emit(effect::ReleaseLock{});
}

void leaving(Transition& transition) {
    transition.state.leaving = true;
    if (!transition.state.own_duty) return;
    // While the tombstone is awaited nothing is decided, and so nothing handed over: then the claim ends by itself.
    if (transition.state.phase != Phase::running) return drop_duty(transition);
    ask_for_read(transition);
}

// R10: a frozen or cached page hears nothing (Firefox and WebKit drop the events), so its copy may be old.
void woke(Transition& transition) {
    transition.state.leaving = false;
    const auto& record = transition.state.record;
    if (record && record->duty.state == DutyState::unknown)
        transition.state.retried_early = record->duty.epoch.revision;
    ask_for_read(transition);
}

void visibility_changed(Transition& transition, const event::VisibilityChanged& changed) {
    transition.state.visible = changed.visible;
    if (changed.visible) woke(transition);
}

}  // namespace lockstep
