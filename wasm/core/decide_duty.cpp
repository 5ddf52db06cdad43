// One tab acts for all (R6): no standing leader, no heartbeat. When a duty falls due a hub claims it, visible tabs first. A claim has an
// epoch, which fences late outcomes, and an end, after which another hub may claim. Where there are locks a claim is made under one;
// elsewhere it settles and is read again, and two that act at once do no harm.
#include <algorithm>
#include <utility>

#include "wasm/core/turn.hpp"

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

// Up to a part of a delay, so that browsers and tabs that failed together do not come back together. From the claim or the writer itself:
// every hub reckons alike when a claim failed.
[[nodiscard]] EpochMs jitter_ms(const Stamp& stamp, EpochMs below_ms) {
    std::uint64_t noise = stamp.revision;
    for (const char c : stamp.writer) noise = noise * 31 + static_cast<unsigned char>(c);
    return static_cast<EpochMs>(noise % static_cast<std::uint64_t>(below_ms));
}

[[nodiscard]] EpochMs retry_delay_ms(const Duty& duty) {
    EpochMs delay_ms = limits::retry_ms_min;
    for (std::int64_t i = 1; i < duty.failures && delay_ms < limits::retry_ms_max; ++i) delay_ms *= 2;
    delay_ms = std::min(delay_ms, limits::retry_ms_max);
    return delay_ms + jitter_ms(duty.epoch, delay_ms / 4);
}

// A stored time too far ahead was written before the clock was set back. It is due at once: what is reckoned from now on would never be.
[[nodiscard]] EpochMs sane(EpochMs at, EpochMs now, EpochMs ahead_ms_max) { return at > now + ahead_ms_max ? now : at; }

// Settling, or at work.
[[nodiscard]] EpochMs waits_until(const OwnDuty& own, EpochMs now) {
    return sane(own.until, now, own.stage == DutyStage::settling ? limits::claim_settle_ms : limits::duty_ms_max);
}

[[nodiscard]] EpochMs lock_free_at(const State& state, EpochMs now) {
    return sane(state.lock_busy_until.value_or(now), now, limits::lock_retry_ms * 2);
}

[[nodiscard]] EpochMs grace_ms(const State& state) { return state.visible ? 0 : limits::duty_hidden_grace_ms; }

[[nodiscard]] bool is_concluded(const Duty& duty) { return duty.state == DutyState::unknown || duty.state == DutyState::done; }

// Somebody here waits for an outcome that is neither there nor on its way.
[[nodiscard]] bool is_asked_for(const State& state, const Record& record) {
    const auto waits = [&](const WaitingCheck& waiting) {
        const bool is_answered = is_concluded(record.duty) && waiting.after < record.duty.epoch.revision;
        return waiting.born == record.born.revision && !is_answered;
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
    if (state.ended_here == record.born.revision) return now;
    const EpochMs wait_ms = limits::end_duty_grace_ms + grace_ms(state);
    return sane(record.ended->at + wait_ms, now, wait_ms);
}

[[nodiscard]] std::optional<EpochMs> due_at(const State& state, const Record& record, EpochMs now) {
    const Duty& duty = record.duty;
    switch (duty.state) {
        case DutyState::none:
        case DutyState::done: return fresh_due_at(state, record, now);
        case DutyState::wanted: return std::min(duty.at, now);
        case DutyState::claimed: return sane(duty.at + grace_ms(state), now, limits::claim_ms + grace_ms(state));
        case DutyState::unknown: {
            const EpochMs at = sane(duty.at, now, limits::retry_ms_max * 2);
            const bool early = state.retried_early == duty.epoch.revision || (is_active(record) && is_asked_for(state, record));
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
void put_duty(Turn& turn, Record& candidate, DutyState duty_state, EpochMs at) {
    Duty& duty = candidate.duty;
    duty.epoch = next_stamp(turn);
    duty.state = duty_state;
    duty.at = at;
}

void claim(Turn& turn, OwnDuty& own, Record& candidate) {
    put_duty(turn, candidate, DutyState::claimed, turn.now + limits::claim_ms);
    own.stage = DutyStage::claiming;
    own.revision = candidate.duty.epoch.revision;
}

void act(Turn& turn, OwnDuty& own) {
    own.stage = DutyStage::acting;
    own.until = turn.now + limits::duty_ms_max;
    own.port = app_may_act(turn.state, own.kind) ? turn.state.client->port : 0;
    own.call = ++turn.state.call_last;
    const Record& record = *turn.state.record;
    const EndReason end_reason = record.ended ? record.ended->reason : EndReason{};
    turn.emit(effect::CallDuty{own.port, own.call, own.kind, own.check_reason, end_reason, record.session_id});
}

// So that another takes it up at once, and does not wait for the claim to end.
void hand_over(Turn& turn, Record& candidate) {
    const OwnDuty& own = *turn.state.own_duty;
    const bool is_claimed = own.stage != DutyStage::locking && own.stage != DutyStage::locked;
    if (is_claimed) want_duty(turn, candidate);
    drop_duty(turn);
}

void go_on(Turn& turn, std::optional<Record>& candidate) {
    State& state = turn.state;
    OwnDuty& own = *state.own_duty;
    if (state.outdated || !stands(state, candidate, turn.now)) return drop_duty(turn);
    if (state.leaving || !is_able(state, own)) return hand_over(turn, *candidate);
    const auto due = due_at(state, *candidate, turn.now);
    switch (own.stage) {
        case DutyStage::locking:
        case DutyStage::claiming: return;  // an answer is under way
        case DutyStage::locked:
            if (!due || turn.now < *due) return drop_duty(turn);  // another was quicker
            return claim(turn, own, *candidate);
        case DutyStage::settling:
            if (turn.now >= waits_until(own, turn.now)) act(turn, own);
            return;
        case DutyStage::acting:
            if (turn.now < waits_until(own, turn.now)) return;
            fail(state, candidate->duty, turn.now);
            return drop_duty(turn);
    }
}

}  // namespace

bool may_act(const State& state, DutyKind kind) {
    if (app_may_act(state, kind)) return true;
    return kind == DutyKind::check && !state.config.check_url.empty() && state.client && state.client->announced;
}

// Is the record still such that the duty of this hub makes sense, and the claim, once made, still its own?
bool stands(const State& state, const std::optional<Record>& record, EpochMs now) {
    const OwnDuty& own = *state.own_duty;
    if (!record || kind_of(*record) != own.kind) return false;
    if (own.stage == DutyStage::locking || own.stage == DutyStage::locked) return true;
    const Duty& duty = record->duty;
    if (duty.state != DutyState::claimed || duty.epoch.revision != own.revision || duty.epoch.writer != state.writer) return false;
    // A page that was frozen after its claim does not begin when another may have taken over; who is at work may still have the outcome.
    return own.stage == DutyStage::acting || now < duty.at;
}

void want_duty(Turn& turn, Record& candidate) { put_duty(turn, candidate, DutyState::wanted, turn.now); }

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

void decide_duty(Turn& turn, std::optional<Record>& candidate) {
    if (turn.state.own_duty) go_on(turn, candidate);
}

// R5: a duty is taken up when the record that asks for it is durable, …
void take_up_duty(Turn& turn) {
    State& state = turn.state;
    if (state.own_duty || state.lock_asked || state.reading || state.outdated || state.leaving || !state.record) return;
    if (!may_act(state, kind_of(*state.record))) return;
    const Record& record = *state.record;
    const auto due = due_at(state, record, turn.now);
    if (!due || turn.now < *due || turn.now < lock_free_at(state, turn.now)) return;
    OwnDuty& own = state.own_duty.emplace();
    own.stage = DutyStage::locking;
    own.kind = kind_of(record);
    own.check_reason = reason_of(state, record);
    state.lock_asked = true;
    // A claim that has ended was a dead or frozen tab's. A frozen one holds the lock still, and only then is it taken over: of many tabs
    // that take it over at once each would be the victim of the next.
    turn.emit(effect::AskLock{record.duty.state == DutyState::claimed && state.lock_busy_until.has_value()});
}

// … and begun when its claim is.
void begin_duty(Turn& turn) {
    auto& own = turn.state.own_duty;
    if (!own || own->stage != DutyStage::claiming) return;
    if (!stands(turn.state, turn.state.record, turn.now)) {
        drop_duty(turn);
        return ask_for_read(turn);
    }
    if (own->has_lock) return act(turn, *own);
    own->stage = DutyStage::settling;
    own->until = turn.now + limits::claim_settle_ms;
}

void lock_answered(Turn& turn, const event::LockAnswered& answered) {
    State& state = turn.state;
    const bool has_lock = answered.answer == LockAnswer::granted;
    if (!state.lock_asked) return;
    state.lock_asked = false;
    if (!state.own_duty) {  // not its own any more, but by now there may be another
        if (has_lock) turn.emit(effect::ReleaseLock{});
        return ask_for_read(turn);
    }
    if (answered.answer == LockAnswer::busy) {
        state.own_duty.reset();
        state.lock_busy_until = turn.now + limits::lock_retry_ms + jitter_ms(Stamp{0, state.writer}, limits::lock_retry_ms);
        return;
    }
    state.lock_busy_until.reset();
    state.own_duty->stage = DutyStage::locked;
    state.own_duty->has_lock = has_lock;
    ask_for_read(turn);
}

// Another hub took it for dead. If that one makes a claim of its own, this one's is over; if it has seen this one's by now, it will not,
// and somebody must go on: the claim decides, not the lock.
void lock_lost(Turn& turn) {
    auto& own = turn.state.own_duty;
    if (!own) return;
    own->has_lock = false;
    if (own->stage == DutyStage::locked) drop_duty(turn);
    ask_for_read(turn);
}

void drop_duty(Turn& turn) {
    const OwnDuty own = *turn.state.own_duty;
    turn.state.own_duty.reset();
    if (own.stage == DutyStage::acting) turn.emit(effect::CancelDuty{own.port, own.call});
    if (own.has_lock) turn.emit(effect::ReleaseLock{});
}

void leaving(Turn& turn) {
    turn.state.leaving = true;
    if (!turn.state.own_duty) return;
    // While the kept end is awaited nothing is decided, and so nothing handed over: then the claim ends by itself.
    if (turn.state.phase != Phase::running) return drop_duty(turn);
    ask_for_read(turn);
}

// R10: a frozen or cached page hears nothing (Firefox and WebKit drop the events), so its copy may be old.
void woke(Turn& turn) {
    turn.state.leaving = false;
    const auto& record = turn.state.record;
    if (record && record->duty.state == DutyState::unknown) turn.state.retried_early = record->duty.epoch.revision;
    ask_for_read(turn);
}

void visibility_changed(Turn& turn, const event::VisibilityChanged& changed) {
    turn.state.visible = changed.visible;
    if (changed.visible) woke(turn);
}

}  // namespace lockstep
