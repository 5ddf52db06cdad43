#include "wasm/core/decide_check.hpp"

#include <algorithm>

#include "wasm/core/deadline.hpp"
#include "wasm/core/decide_duty.hpp"
#include "wasm/core/door.hpp"
#include "wasm/core/duty_schedule.hpp"

namespace lockstep {
namespace {

[[nodiscard]] bool was_within(EpochMs at, EpochMs now, EpochMs ms) { return at <= now && now < at + ms; }

// A check is under way, or was concluded so lately that its outcome answers this request as well.
[[nodiscard]] bool will_answer(const Duty& duty, EpochMs now) {
    switch (duty.state) {
        case DutyState::none: return false;
        case DutyState::wanted: return true;
        case DutyState::claimed: return now < duty.at && duty.at <= now + limits::claim_ms;
        case DutyState::unknown: return was_within(failed_at(duty), now, limits::retry_ms_min);
        case DutyState::done: return was_within(duty.at, now, limits::check_fresh_ms);
    }
    return false;
}

[[nodiscard]] bool is_of_current_call(const State& state, const event::OutcomeReceived& outcome) {
    const auto& own = state.own_duty;
    return own && own->stage == DutyStage::acting && own->port == outcome.port && own->call == outcome.call;
}

[[nodiscard]] EpochMs answered_by(const State& state, const WaitingCheck& waiting) {
    const bool is_claimed = state.record && state.record->duty.state == DutyState::claimed;
    return waiting.asked_at + (is_claimed ? limits::check_wait_ms_max : limits::check_claim_wait_ms);
}

[[nodiscard]] std::optional<Outcome> outcome_for(const State& state, const WaitingCheck& waiting, EpochMs now) {
    const auto& record = state.record;
    if (!record || !is_active(*record)) return Outcome::inactive;
    if (record->created.revision != waiting.created) return Outcome::active;  // another session lives
    if (waiting.after < record->duty.epoch.revision) {
        if (record->duty.state == DutyState::done) return Outcome::active;
        if (record->duty.state == DutyState::unknown) return Outcome::unknown;
    }
    return now >= answered_by(state, waiting) ? std::optional(Outcome::unknown) : std::nullopt;
}

void renew(Transition& transition, const event::OutcomeReceived& outcome, Record& record) {
    record.updated = next_update(transition, record);
    if (!outcome.claims.empty()) record.claims = outcome.claims;
    const auto before = record.expires_at;
    const bool was_due = record.check_at && *record.check_at <= transition.now;
    // A time that has passed comes from a clock that is not this one: no reason to end what the provider calls active.
    if (outcome.expires_at && *outcome.expires_at > transition.now) record.expires_at = outcome.expires_at;
    // Its word without a new time is good until it is asked again.
    const EpochMs period_ms = 2 * transition.state.config.times.check_before_expiry_ms.value_or(0);
    if (was_due && record.expires_at == before) record.expires_at = std::max(*before, transition.now + period_ms);
    if (was_due || record.expires_at != before)
        record.check_at = next_check_at(transition.state, record, transition.now);
}

}  // namespace

void check_received(Transition& transition, const event::CheckReceived& check) {
    if (authorize(transition, check.port, check.id, std::nullopt)) enqueue(transition, check);
}

void outcome_received(Transition& transition, const event::OutcomeReceived& outcome) {
    // The outcome of a call that was cancelled comes too late to matter, and is no fault of the app's.
    if (!is_of_current_call(transition.state, outcome)) return;
    if (outcome.port != 0 && !authorize(transition, outcome.port, 0, std::nullopt)) return;
    if (outcome.refused) send_error_notice(transition, *outcome.refused);
    enqueue(transition, outcome);
}

void decide_check(Transition& transition, const event::CheckReceived& check, std::optional<Record>& candidate) {
    State& state = transition.state;
    if (state.outdated) return reply(transition, check.port, check.id, Code::hub_outdated);
    if (state.waiting_checks.size() >= limits::waiting_checks_max)
        return reply(transition, check.port, check.id, Code::rate_limited);
    WaitingCheck waiting{check.port, check.id, 0, 0, transition.now};
    if (candidate && is_active(*candidate)) {
        waiting.created = candidate->created.revision;
        if (!will_answer(candidate->duty, transition.now)) {
            waiting.after = candidate->duty.epoch.revision;
            if (!may_act(state, DutyKind::check)) want_duty(transition, *candidate);  // then another tab has to
        }
    }
    state.waiting_checks.push_back(waiting);
}

void decide_outcome(Transition& transition, const event::OutcomeReceived& outcome, std::optional<Record>& candidate) {
    State& state = transition.state;
    auto& own = state.own_duty;
    if (!is_of_current_call(state, outcome)) return;
    // The fence: the outcome of a claim that is not the stored one any more does not count.
    if (!is_claim_current(state, candidate, transition.now)) return;
    const bool is_check = own->kind == DutyKind::check;

    if (is_check && outcome.outcome == Outcome::active) {
        renew(transition, outcome, *candidate);
        conclude(candidate->duty, transition.now);
    } else if (is_check && outcome.outcome == Outcome::inactive) {
        const std::string by = outcome.port != 0 && state.client ? state.client->origin : "";
        candidate = ended_copy(*candidate, End{EndReason::revoked, by, transition.now}, next_timestamp(transition));
        state.own_end = OwnEnd{candidate->created, EndReason::revoked};
    } else if (!is_check && outcome.outcome == Outcome::done) {
        conclude(candidate->duty, transition.now);
    } else {
        fail(state, candidate->duty, transition.now);
    }
    own->stage = DutyStage::locked;  // it was answered, so there is nothing to cancel
    drop_duty(transition);
}

void answer_checks(Transition& transition) {
    State& state = transition.state;
    auto& all = state.waiting_checks;
    const auto is_over = [&](WaitingCheck& waiting) {
        if (!state.client || state.client->port != waiting.port) return true;
        waiting.asked_at = std::min(waiting.asked_at, transition.now);  // a clock set back makes nobody wait longer
        const auto outcome = outcome_for(state, waiting, transition.now);
        if (outcome) reply_with_outcome(transition, waiting.port, waiting.id, *outcome);
        return outcome.has_value();
    };
    all.erase(std::remove_if(all.begin(), all.end(), is_over), all.end());
}

std::optional<EpochMs> check_answer_at(const State& state) {
    std::optional<EpochMs> next;
    for (const WaitingCheck& waiting : state.waiting_checks) {
        const EpochMs at = answered_by(state, waiting);
        next = next ? std::min(*next, at) : at;
    }
    return next;
}

}  // namespace lockstep
