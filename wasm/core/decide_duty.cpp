#include "wasm/core/decide_duty.hpp"

#include <algorithm>
#include <utility>

#include "wasm/core/door.hpp"
#include "wasm/core/duty_schedule.hpp"

namespace lockstep {
namespace {

// The app that was given the duty is still connected and still able.
[[nodiscard]] bool is_able(const State& state, const OwnDuty& own) {
    if (own.stage != DutyStage::acting) return may_act(state, own.kind);
    return own.port == 0 || (app_may_act(state, own.kind) && state.client->port == own.port);
}

// A claim of this hub, or the wish for one. Failures in a row are counted through both.
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

// Another hub may then claim at once, and need not wait for this claim to end.
void hand_over(Transition& transition, Record& candidate) {
    const OwnDuty& own = *transition.state.own_duty;
    const bool is_claimed = own.stage != DutyStage::locking && own.stage != DutyStage::locked;
    if (is_claimed) want_duty(transition, candidate);
    drop_duty(transition);
}

void continue_duty(Transition& transition, std::optional<Record>& candidate) {
    State& state = transition.state;
    OwnDuty& own = *state.own_duty;
    if (state.outdated || !is_claim_current(state, candidate, transition.now)) return drop_duty(transition);
    if (state.leaving && own.stage == DutyStage::acting && own.kind == DutyKind::end) {
        // A redirect is a normal way to end a session at its provider: the page that left for it has done it. Another
        // tab would be sent there as well, and this one again when it comes back.
        conclude(candidate->duty, transition.now);
        return drop_duty(transition);
    }
    if (state.leaving || !is_able(state, own)) return hand_over(transition, *candidate);
    const auto due = due_at(state, *candidate, transition.now);
    switch (own.stage) {
        case DutyStage::locking:
        case DutyStage::claiming: return;  // an answer is on its way
        case DutyStage::locked:
            if (!due || transition.now < *due) return drop_duty(transition);  // another hub was quicker
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

// What an origin may not bring about by itself it may not bring about by an outcome either: a check renews or ends, an
// end ends.
void duties_received(Transition& transition, const event::DutiesReceived& duties) {
    if (!authorize(transition, duties.port, 0, std::nullopt)) return;
    Client& client = *transition.state.client;
    const bool may_end = client.capabilities.has(Capability::logout);
    const bool may_check = may_end && client.capabilities.has(Capability::login);
    client.can_check = duties.check && may_check;
    client.can_end = duties.end && may_end;
    if (client.can_check != duties.check || client.can_end != duties.end)
        send_error_notice(transition, Code::forbidden);
    ask_for_read(transition);  // something may be due, or to be handed over
}

bool is_claim_current(const State& state, const std::optional<Record>& record, EpochMs now) {
    const OwnDuty& own = *state.own_duty;
    if (!record || kind_of(*record) != own.kind) return false;
    if (own.stage == DutyStage::locking || own.stage == DutyStage::locked) return true;
    const Duty& duty = record->duty;
    if (duty.state != DutyState::claimed || duty.epoch.revision != own.revision || duty.epoch.writer != state.writer)
        return false;
    // A page that was frozen after its claim does not begin when another hub may have claimed since; a hub that is
    // acting may still get the outcome.
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
    // Given up: the provider's own time-out ends the session there.
    if (is_end && duty.failures >= limits::end_failures_max) return conclude(duty, now);
    duty.state = DutyState::unknown;
    duty.at = now + retry_delay_ms(duty);
}

void decide_duty(Transition& transition, std::optional<Record>& candidate) {
    if (transition.state.own_duty) continue_duty(transition, candidate);
}

void ask_for_duty(Transition& transition) {
    State& state = transition.state;
    const bool lock_asked = std::holds_alternative<duty_lock::Asked>(state.lock);
    if (state.own_duty || lock_asked || state.reading || state.outdated || state.leaving || !state.record) return;
    if (!may_act(state, kind_of(*state.record))) return;
    const Record& record = *state.record;
    const auto due = due_at(state, record, transition.now);
    if (!due || transition.now < *due || transition.now < lock_busy_until(state, transition.now)) return;
    OwnDuty& own = state.own_duty.emplace();
    own.stage = DutyStage::locking;
    own.kind = kind_of(record);
    own.check_reason = reason_of(state, record);
    // A claim that has ended was made by a dead or frozen tab. A frozen one still holds the lock, and only then is the
    // lock stolen: of many tabs that steal it at once each would lose it to the next.
    const bool was_busy = std::holds_alternative<duty_lock::Busy>(state.lock);
    state.lock = duty_lock::Asked{};
    transition.emit(effect::AskLock{record.duty.state == DutyState::claimed && was_busy});
}

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
    if (!std::holds_alternative<duty_lock::Asked>(state.lock)) return;
    const bool has_lock = answered.answer == LockAnswer::granted;
    if (!state.own_duty) {  // the duty is gone, but by now there may be another
        state.lock = duty_lock::Free{};
        if (has_lock) transition.emit(effect::ReleaseLock{});
        return ask_for_read(transition);
    }
    if (answered.answer == LockAnswer::busy) {
        state.own_duty.reset();
        state.lock = duty_lock::Busy{transition.now + lock_retry_delay_ms(state)};
        return;
    }
    state.lock = duty_lock::Free{};
    state.own_duty->stage = DutyStage::locked;
    state.own_duty->has_lock = has_lock;
    ask_for_read(transition);
}

// Another hub took this one for dead. If that hub makes a claim, this one's is over. If it has read this hub's claim by
// now, it makes none, and this hub must continue: the claim decides, not the lock.
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

}  // namespace lockstep
