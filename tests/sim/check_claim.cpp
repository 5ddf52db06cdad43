// The checkers of the duty in a record (R6, R7): which hub may claim it and when, which hub may write its outcome, and
// what may follow from that. The due times are computed here a second time, from PROTOCOL §4.
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

// Whether this claim belongs to the current call.
[[nodiscard]] bool is_at_work(const ReferenceModel& reference, const std::optional<Duty>& known) {
    const auto& call = reference.call;
    return call && !call->is_concluded && known && known->state == DutyState::claimed && known->epoch == call->epoch;
}

[[nodiscard]] bool said(const ReferenceModel& reference, Outcome outcome) {
    const auto& all = reference.call->said;
    return std::find(all.begin(), all.end(), outcome) != all.end();
}

// A check that the app of this tab has asked for need not wait for the due time. A page that woke need only wait for
// the shortest pause.
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
    if (!is_own(reference, claim.epoch)) return "R6: a claim has another writer and was never read from the store";
    if (claim.at != now + limits::claim_ms) return "R6: a claim has not the length that the protocol says";
    if (!may_act(reference, kind_of(known))) return "R6: a hub claims a duty that neither its app nor itself may do";
    if (!reference.has_lock && !reference.lock_is_missing) return "R6: a claim is made without the lock";
    if (!may_claim_now(reference, known, now)) {
        const auto duty = duty_in(known);
        const bool is_retry = duty && duty->state == DutyState::unknown;
        return is_retry ? "R7: a check that failed is tried again without a pause"
                        : "R6: a duty is claimed before it is due";
    }
    return std::nullopt;
}

// `wanted` makes the duty due at once for all hubs: an app asks for a check that its hub cannot do, or the hub that has
// the claim cannot continue.
[[nodiscard]] Violation check_wanted(const ReferenceModel& reference, const std::optional<Duty>& known,
                                     const Record& record, EpochMs now) {
    const Duty wanted = *duty_in(record);
    if (!is_own(reference, wanted.epoch))
        return "R6: a wanted duty has another writer and was never read from the store";
    if (wanted.at != now) return "R6: a wanted duty has another time than now";
    const bool hands_over = known && known->state == DutyState::claimed && is_own(reference, known->epoch);
    const bool was_called = reference.call && !reference.call->is_concluded;
    if (hands_over && was_called && reference.has_left && !is_active(record))
        return "R6: an end is wanted once more although its page has left for it";
    const bool is_asked = is_active(record) && (!reference.checks.empty() || reference.check_was_left);
    if (!hands_over && !is_asked) return "R6: a duty is wanted without a request or a hand-over";
    return std::nullopt;
}

[[nodiscard]] Violation check_conclusion(const ReferenceModel& reference, const std::optional<Duty>& known,
                                         const Record& record, EpochMs now) {
    const Duty duty = *duty_in(record);
    if (!known || known->epoch != duty.epoch || !is_at_work(reference, known))
        return "R6: an outcome is stored although its claim is not the stored one";
    // A clock that was set back makes no wait longer.
    const EpochMs given_at = reference.call->given_at;
    const bool is_timed_out = now >= given_at + limits::duty_ms_max || now < given_at;
    const bool has_left_for_it = reference.has_left && !is_active(record);
    if (reference.call->said.empty() && !is_timed_out && !has_left_for_it)
        return "R6: a duty has an outcome that neither app nor provider gave";
    if (duty.state == DutyState::done) {
        const bool is_given_up = !is_active(record) && known->failures + 1 >= limits::end_failures_max;
        const bool was_done = said(reference, is_active(record) ? Outcome::active : Outcome::done);
        const bool may_be_done = was_done || is_given_up || has_left_for_it;
        return may_be_done ? std::nullopt : Violation("R7: a duty that failed is stored as done");
    }
    const EpochMs least = least_retry_ms(duty.failures);
    const EpochMs pause = duty.at - now;
    if (duty.failures != std::min(known->failures + 1, limits::failures_max)) return "R7: a failure is not counted";
    if (pause < least || pause > least * 5 / 4)
        return "R7: the pause after a failure does not grow as the protocol says";
    return std::nullopt;
}

// The write by which a hub ends a session on the server's word.
[[nodiscard]] bool is_end_by_push(const ReferenceModel& reference, const std::optional<Record>& known,
                                  const Record& record) {
    const bool is_end = !is_active(record) && record.ended->reason == EndReason::revoked && record.ended->by.empty();
    return is_end && known && is_active(*known) && known->created == record.created && was_pushed(reference, record);
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
    // R7: below another site the hub's cookies do not travel.
    return reference.can_check || (reference.has_check_address && reference.place->site == 0);
}

Violation check_claim(const ReferenceModel& reference, const std::optional<Record>& known, const Record& record,
                      EpochMs now) {
    const auto after = duty_in(record);
    if (is_end_by_push(reference, known, record)) {
        if (after && after->state == DutyState::done) return std::nullopt;
        // The outcome of a check may say the same, and comes first, or is refused for its rate.
        const bool may_be_by_check = reference.call && said(reference, Outcome::inactive);
        if (!may_be_by_check) return "R6: the provider is asked to end what it has ended";
    }
    if (!after) return std::nullopt;  // the merge in check_write detects a lost one
    const bool is_same = known && known->created == record.created && is_active(*known) == is_active(record);
    const std::optional<Duty> before = is_same ? duty_in(*known) : std::nullopt;
    if (before == after) return std::nullopt;
    if (after->state == DutyState::wanted) return check_wanted(reference, before, record, now);
    if (after->state != DutyState::claimed) return check_conclusion(reference, before, record, now);
    // One write may contain a session's end and the claim of the duty to end it at the provider.
    Record asks = is_same ? *known : record;
    if (!is_same) asks.duty = {};
    // R8: a session whose times lie in the future is checked at once.
    if (has_future_time(asks, now) && asks.check_at) asks.check_at = std::min(*asks.check_at, now);
    return check_new_claim(reference, asks, *after, now);
}

bool was_pushed(const ReferenceModel& reference, const Record& record) {
    const auto& pushed = reference.pushed;
    return std::find(pushed.begin(), pushed.end(), record.created) != pushed.end();
}

// R7: only the outcome `inactive` revokes a session, or the server's word.
Violation check_revocation(const ReferenceModel& reference, const std::optional<Record>& known, const Record& record) {
    if (was_pushed(reference, record) && record.ended->by.empty()) return std::nullopt;
    if (!known || known->created != record.created || !is_at_work(reference, duty_in(*known))) {
        return "R6: a session is revoked although the claim is not the stored one";
    }
    if (!said(reference, Outcome::inactive)) return "R7: a session is revoked without the outcome inactive";
    if (!reference.provider->has_revoked(record.created))
        return "R7: a session is revoked that is active at the provider";
    const bool is_apps = record.ended->by == reference.place->origin && reference.call->port != 0;
    if (!is_apps && !(record.ended->by.empty() && reference.call->port == 0))
        return "R7: the `by` of a revocation is wrong";
    return std::nullopt;
}

// Only a login or the outcome of the stored claim renews a session.
Violation check_renewal(const ReferenceModel& reference, const std::optional<Record>& known, const Record& record,
                        EpochMs now) {
    const bool is_renewed =
        known && known->created == record.created && is_active(record) && record.updated != known->updated;
    if (!is_renewed || reference.logins_waiting > 0) return std::nullopt;
    // R8: times in the future are taken for now, and nothing else is changed by that.
    const bool is_kept = record.expires_at == known->expires_at && record.claims == known->claims;
    if (has_future_time(*known, now) && !has_future_time(record, now) && is_kept) return std::nullopt;
    if (!is_at_work(reference, duty_in(*known)))
        return "R6: a session is renewed although the claim is not the stored one";
    if (!said(reference, Outcome::active)) return "R7: a session is renewed without a login or the outcome active";
    const bool has_passed = record.expires_at && record.expires_at != known->expires_at && *record.expires_at <= now;
    return has_passed ? Violation("R7: a renewed session has an expiry in the past") : std::nullopt;
}

}  // namespace lockstep::sim
