// The checkers of the calls, locks and replies of a duty (R6). A hub calls one duty at a time, under a current claim,
// and only where the app can do it. It steals a lock only after the claim has ended. It replies to a check only with an
// outcome that the app or the provider gave.
#include <algorithm>

#include "tests/sim/reference_model.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::sim {

Violation check_call(const ReferenceModel& reference, const Call& call, const std::optional<Record>& claimed) {
    if (reference.call && reference.call->runs && !reference.call->is_concluded)
        return "R6: one hub has two duties at the same time";
    const auto claim = claimed ? duty_in(*claimed) : std::nullopt;
    const bool stands = claim && claim->state == DutyState::claimed && claim->epoch.writer == reference.writer;
    if (!stands) return "R6: a duty is called before its claim is stored";
    if (is_active(*claimed) != (call.duty == DutyKind::check))
        return "R6: the duty that is called is not the one that was claimed";
    const auto& begun = reference.epochs_begun;
    if (std::find(begun.begin(), begun.end(), claim->epoch) != begun.end())
        return "R6: a duty is called twice under one claim";
    if (call.given_at >= claim->at) return "R6: a duty is called under a claim that has ended";
    if (!may_act(reference, call.duty)) return "R6: a duty is called where neither the app nor the hub may do it";
    const bool is_apps = call.duty == DutyKind::check ? reference.can_check : reference.can_end;
    if (is_apps != (call.port != 0)) return "R6: a duty is called on the wrong one of app and `check.url`";
    if (!reference.has_lock && !reference.lock_is_missing) return "R6: a duty is called without the lock";
    return std::nullopt;
}

Violation check_cancel(const ReferenceModel& reference, PortId port, CallId id) {
    const auto& call = reference.call;
    const bool runs = call && call->runs && call->port == port && call->id == id;
    return runs ? std::nullopt : Violation("R6: a cancel names a duty that is not running");
}

Violation check_lock_request(const ReferenceModel& reference, bool steals, EpochMs now) {
    const auto known = held(reference);
    if (!known || !may_act(reference, is_active(*known) ? DutyKind::check : DutyKind::end))
        return "R6: a lock is requested without a duty";
    if (!steals) return std::nullopt;
    const auto duty = duty_in(*known);
    if (!duty || duty->state != DutyState::claimed) return "R6: a lock is stolen although the duty is not claimed";
    if (duty_due_at(*known, now) > now) return "R6: a lock is stolen before the claim has ended";
    return std::nullopt;
}

Violation check_check_reply(const ReferenceModel& reference, const Message& message, EpochMs now) {
    const auto asked = std::find_if(reference.checks.begin(), reference.checks.end(),
                                    [&](const CheckAsked& check) { return check.id == message.id; });
    if (asked == reference.checks.end())
        return message.outcome.empty() ? std::nullopt
                                       : Violation("a reply to another request than a check has an outcome");
    if (!message.refused.empty()) {
        const bool may = message.refused == "rate-limited" || (message.refused == "hub-outdated" && reference.newer);
        return may ? std::nullopt : Violation("a check is refused without a reason");
    }
    if (reference.blocked || reference.refused) return std::nullopt;  // only the hub knows its record
    const auto known = held(reference);
    const bool lives = known && is_active(*known);
    const auto duty = lives ? duty_in(*known) : std::nullopt;
    if (message.outcome == "inactive")
        return lives ? Violation("R7: a check of an active session is answered with inactive") : std::nullopt;
    if (!lives) return "R7: a check without an active session is answered with something else than inactive";
    if (message.outcome == "active") {
        if (asked->created != known->created) return std::nullopt;
        const bool is_done = duty && duty->state == DutyState::done && (!asked->stale || *asked->stale < duty->epoch);
        return is_done ? std::nullopt : Violation("R6: a check is answered with active although no provider was asked");
    }
    if (message.outcome != "unknown") return "the reply to a check has no outcome";
    const bool has_failed = duty && duty->state == DutyState::unknown;
    const bool has_waited = now >= asked->asked_at + limits::check_claim_wait_ms;
    return has_failed || has_waited ? std::nullopt : Violation("R6: a check is answered with unknown before its time");
}

// R8: whether a timer may be set for another reason than the session's own deadlines.
bool may_have_duty_deadline(const ReferenceModel& reference) {
    if (!reference.checks.empty() || (reference.call && reference.call->runs)) return true;
    const auto known = held(reference);
    if (!known) return false;
    const auto duty = duty_in(*known);
    // Without a lock a claim must settle, whether its app is still connected or not.
    if (duty && duty->state == DutyState::claimed && duty->epoch.writer == reference.writer) return true;
    if (!may_act(reference, is_active(*known) ? DutyKind::check : DutyKind::end)) return false;
    if (is_active(*known)) return known->check_at || (duty && duty->state != DutyState::done);
    return !duty || duty->state != DutyState::done;
}

}  // namespace lockstep::sim
