#include "wasm/core/duty_schedule.hpp"

#include <algorithm>

namespace lockstep {
namespace {

[[nodiscard]] EpochMs grace_ms(const State& state) { return state.visible ? 0 : limits::duty_hidden_grace_ms; }

[[nodiscard]] bool is_concluded(const Duty& duty) {
    return duty.state == DutyState::unknown || duty.state == DutyState::done;
}

// A request here waits for an outcome that is neither there nor on its way.
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
    if (state.own_end && state.own_end->created == record.created) return now;
    const EpochMs wait_ms = limits::end_duty_grace_ms + grace_ms(state);
    return clamp_future(record.ended->at + wait_ms, now, wait_ms);
}

// R7: who cannot know does not answer. Below another site the hub's own cookies do not travel with its request, and the
// server's "no" would be about nobody.
[[nodiscard]] bool can_check_itself(const State& state) {
    return !state.config.check_url.empty() && state.storage.parent_is_top &&
           same_site(state.config, state.client->origin);
}

}  // namespace

DutyKind kind_of(const Record& record) { return is_active(record) ? DutyKind::check : DutyKind::end; }

bool app_may_act(const State& state, DutyKind kind) {
    if (!state.client || !state.client->announced) return false;
    switch (kind) {
        case DutyKind::check: return state.client->can_check;
        case DutyKind::end: return state.client->can_end;
    }
    return false;
}

bool may_act(const State& state, DutyKind kind) {
    if (app_may_act(state, kind)) return true;
    return kind == DutyKind::check && state.client && state.client->announced && can_check_itself(state);
}

EpochMs clamp_future(EpochMs at, EpochMs now, EpochMs ahead_ms_max) { return at > now + ahead_ms_max ? now : at; }

EpochMs backed_off_ms(EpochMs first_ms, EpochMs max_ms, std::int64_t failures) {
    EpochMs delay_ms = first_ms;
    for (std::int64_t i = 1; i < failures && delay_ms < max_ms; ++i) delay_ms *= 2;
    return std::min(delay_ms, max_ms);
}

EpochMs jitter_ms(const LogicalTimestamp& timestamp, EpochMs below_ms) {
    std::uint64_t noise = timestamp.revision;
    for (const char c : timestamp.writer) noise = noise * 31 + static_cast<unsigned char>(c);
    return static_cast<EpochMs>(noise % static_cast<std::uint64_t>(below_ms));
}

std::optional<EpochMs> due_at(const State& state, const Record& record, EpochMs now) {
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

CheckReason reason_of(const State& state, const Record& record) {
    if (is_asked_for(state, record) || record.duty.state == DutyState::wanted) return CheckReason::request;
    return record.duty.state == DutyState::unknown ? CheckReason::retry : CheckReason::expiry;
}

EpochMs retry_delay_ms(const Duty& duty) {
    const EpochMs delay_ms = backed_off_ms(limits::retry_ms_min, limits::retry_ms_max, duty.failures);
    return delay_ms + jitter_ms(duty.epoch, delay_ms / 4);
}

EpochMs failed_at(const Duty& duty) { return duty.at - retry_delay_ms(duty); }

EpochMs waits_until(const OwnDuty& own, EpochMs now) {
    return clamp_future(own.until, now,
                        own.stage == DutyStage::settling ? limits::claim_settle_ms : limits::duty_ms_max);
}

EpochMs lock_busy_until(const State& state, EpochMs now) {
    const auto* busy = std::get_if<duty_lock::Busy>(&state.lock);
    return busy == nullptr ? now : clamp_future(busy->until, now, limits::lock_retry_ms * 2);
}

EpochMs lock_retry_delay_ms(const State& state) {
    return limits::lock_retry_ms + jitter_ms(LogicalTimestamp{0, state.writer}, limits::lock_retry_ms);
}

std::optional<EpochMs> duty_deadline(const State& state, EpochMs now) {
    if (state.outdated || !state.record) return std::nullopt;
    if (const auto& own = state.own_duty) {
        const bool waits = own->stage == DutyStage::settling || own->stage == DutyStage::acting;
        return waits ? std::optional(waits_until(*own, now)) : std::nullopt;
    }
    const bool is_asked = std::holds_alternative<duty_lock::Asked>(state.lock);
    if (state.leaving || is_asked || !may_act(state, kind_of(*state.record))) return std::nullopt;
    const auto due = due_at(state, *state.record, now);
    if (!due || std::holds_alternative<duty_lock::Free>(state.lock)) return due;
    return std::max(*due, lock_busy_until(state, now));
}

}  // namespace lockstep
