// The checkers of the duty in a record (R6, R7): who may claim it and when, who may say how it went, and what may
// follow from that. What falls due when is reckoned here a second time, from PROTOCOL §4.
#include <algorithm>

#include "tests/sim/reference_model.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::sim {
namespace {

[[nodiscard]] DutyKind kind_of(const Record& record) { return is_active(record) ? DutyKind::check : DutyKind::end; }

[[nodiscard]] bool is_own(const ReferenceModel& reference, const LogicalTimestamp& epoch) {
    return epoch.writer == reference.writer;
}

[[nodiscard]] EpochMs least_retry_ms(std::int64_t failures) {
    EpochMs least = limits::retry_ms_min;
    for (std::int64_t i = 1; i < failures && least < limits::retry_ms_max; ++i) least *= 2;
    return std::min(least, limits::retry_ms_max);
}

// The running call that this claim stands for.
[[nodiscard]] bool is_at_work(const ReferenceModel& reference, const std::optional<Duty>& known) {
    const auto& call = reference.call;
    return call && !call->is_concluded && known && known->state == DutyState::claimed && known->epoch == call->epoch;
}

[[nodiscard]] bool said(const ReferenceModel& reference, Outcome outcome) {
    const auto& all = reference.call->said;
    return std::find(all.begin(), all.end(), outcome) != all.end();
}

// An app of this tab that wants to know now need not wait for what is due later; nor need a page that woke, but for the
// shortest time.
[[nodiscard]] bool may_claim_now(const ReferenceModel& reference, const Record& known, EpochMs now) {
    const auto duty = duty_in(known);
    if (is_active(known) && !reference.checks.empty()) {
        const bool has_another = duty && duty->state == DutyState::claimed && duty_due_at(known, now) > now;
        if (!has_another && (!duty || duty->state != DutyState::unknown)) return true;
    }
    if (duty && duty->state == DutyState::unknown) {
        const EpochMs failed_last = duty->at - least_retry_ms(duty->failures) * 5 / 4;
        if (now >= failed_last + limits::retry_ms_min) return true;
    }
    const auto due = duty_due_at(known, now);
    return due && now >= *due;
}

[[nodiscard]] Violation check_new_claim(const ReferenceModel& reference, const Record& known, const Duty& claim,
                                        EpochMs now) {
    if (!is_own(reference, claim.epoch)) return "R6: a claim appears that neither the store showed nor this hub made";
    if (claim.at != now + limits::claim_ms) return "R6: a claim has another end than the protocol's";
    if (!may_act(reference, kind_of(known))) return "R6: a hub claims a duty that its app may not or cannot do";
    if (!reference.has_lock && !reference.lock_is_missing) return "R6: a claim is made without the lock";
    if (!may_claim_now(reference, known, now)) {
        const auto duty = duty_in(known);
        const bool is_retry = duty && duty->state == DutyState::unknown;
        return is_retry ? "R7: a check that failed is tried again without a pause"
                        : "R6: a duty is claimed that is not due";
    }
    return std::nullopt;
}

// It falls due at once, for anyone: because an app asks whose hub cannot check, or because who had it cannot go on.
[[nodiscard]] Violation check_wanted(const ReferenceModel& reference, const std::optional<Duty>& known,
                                     const Record& record, EpochMs now) {
    const Duty wanted = *duty_in(record);
    if (!is_own(reference, wanted.epoch))
        return "R6: a duty is wanted that neither the store showed nor this hub asked for";
    if (wanted.at != now) return "R6: a duty is wanted at another time than now";
    const bool hands_over = known && known->state == DutyState::claimed && is_own(reference, known->epoch);
    const bool is_asked = is_active(record) && (!reference.checks.empty() || reference.check_was_left);
    if (!hands_over && !is_asked) return "R6: a duty is wanted that nobody asked for";
    return std::nullopt;
}

[[nodiscard]] Violation check_conclusion(const ReferenceModel& reference, const std::optional<Duty>& known,
                                         const Record& record, EpochMs now) {
    const Duty duty = *duty_in(record);
    if (!known || known->epoch != duty.epoch || !is_at_work(reference, known))
        return "R6: an outcome counts whose claim is not the stored one";
    // Nobody waits longer because the clock was set back.
    const EpochMs given_at = reference.call->given_at;
    const bool is_timed_out = now >= given_at + limits::duty_ms_max || now < given_at;
    if (reference.call->said.empty() && !is_timed_out) return "R6: a duty has an outcome that nobody gave";
    if (duty.state == DutyState::done) {
        const bool is_given_up = !is_active(record) && known->failures + 1 >= limits::end_failures_max;
        const bool was_done = said(reference, is_active(record) ? Outcome::active : Outcome::done);
        return was_done || is_given_up ? std::nullopt : Violation("R7: a duty that failed is taken for done");
    }
    const EpochMs least = least_retry_ms(duty.failures);
    const EpochMs pause = duty.at - now;
    if (duty.failures != std::min(known->failures + 1, limits::failures_max)) return "R7: a failure is not counted";
    if (pause < least || pause > least * 5 / 4)
        return "R7: a duty that failed is tried again without a pause that grows";
    return std::nullopt;
}

}  // namespace

std::optional<EpochMs> duty_due_at(const Record& record, EpochMs now) {
    const auto clamp_future = [&](EpochMs at, EpochMs ahead_ms_max) { return at > now + ahead_ms_max ? now : at; };
    const auto duty = duty_in(record);
    if (duty && duty->state == DutyState::wanted) return std::min(duty->at, now);
    if (duty && duty->state == DutyState::claimed) return clamp_future(duty->at, limits::claim_ms);
    if (duty && duty->state == DutyState::unknown) return clamp_future(duty->at, 2 * limits::retry_ms_max);
    if (is_active(record)) return record.check_at;
    if (duty) return std::nullopt;
    return clamp_future(record.ended->at, 0);
}

bool may_act(const ReferenceModel& reference, DutyKind duty) {
    if (!reference.is_welcomed) return false;
    if (duty == DutyKind::end) return reference.can_end;
    return reference.can_check || reference.has_check_address;
}

Violation check_claim(const ReferenceModel& reference, const std::optional<Record>& known, const Record& record,
                      EpochMs now) {
    const auto after = duty_in(record);
    if (!after) return std::nullopt;  // the join tells whether one was forgotten
    const bool is_same = known && known->created == record.created && is_active(*known) == is_active(record);
    const std::optional<Duty> before = is_same ? duty_in(*known) : std::nullopt;
    if (before == after) return std::nullopt;
    if (after->state == DutyState::wanted) return check_wanted(reference, before, record, now);
    if (after->state != DutyState::claimed) return check_conclusion(reference, before, record, now);
    // A session's end, and the claim to end it at the provider too, may be stored in one.
    Record asks = is_same ? *known : record;
    if (!is_same) asks.duty = {};
    // R8: a session whose times lie in the future is checked at once.
    if (has_future_time(asks, now) && asks.check_at) asks.check_at = std::min(*asks.check_at, now);
    return check_new_claim(reference, asks, *after, now);
}

// R7: nothing but a provider that says no.
Violation check_revocation(const ReferenceModel& reference, const std::optional<Record>& known, const Record& record) {
    if (!known || known->created != record.created || !is_at_work(reference, duty_in(*known))) {
        return "R6: a session is revoked by an outcome whose claim is not the stored one";
    }
    if (!said(reference, Outcome::inactive)) return "R7: a session is revoked, and no provider said no";
    if (!reference.provider->has_revoked(record.created)) return "R7: a session is revoked that lives at the provider";
    const bool is_apps = record.ended->by == reference.place->origin && reference.call->port != 0;
    if (!is_apps && !(record.ended->by.empty() && reference.call->port == 0))
        return "R7: a revocation is put to another's account";
    return std::nullopt;
}

// A session is prolonged by a login or by the outcome of the claim that is stored.
Violation check_renewal(const ReferenceModel& reference, const std::optional<Record>& known, const Record& record,
                        EpochMs now) {
    const bool is_renewed =
        known && known->created == record.created && is_active(record) && record.updated != known->updated;
    if (!is_renewed || reference.logins_waiting > 0) return std::nullopt;
    // R8: times in the future are taken for now, and nothing else is changed by that.
    const bool is_kept = record.expires_at == known->expires_at && record.claims == known->claims;
    if (has_future_time(*known, now) && !has_future_time(record, now) && is_kept) return std::nullopt;
    if (!is_at_work(reference, duty_in(*known)))
        return "R6: a session is renewed by an outcome whose claim is not the stored one";
    if (!said(reference, Outcome::active))
        return "R7: a session is renewed, and neither an app nor the provider said so";
    const bool has_passed = record.expires_at && record.expires_at != known->expires_at && *record.expires_at <= now;
    return has_passed ? Violation("R7: a session that the provider calls active gets an expiry that has passed")
                      : std::nullopt;
}

}  // namespace lockstep::sim
