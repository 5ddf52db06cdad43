// The checkers of what a hub asks of its app and its browser for a duty (R6): it gives a duty only under a claim that
// stands, to an app that can, one at a time; it takes a lock over only from a claim that has ended; and it answers for
// a check with an outcome that somebody had.
#include <algorithm>

#include "tests/sim/reference_model.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::sim {

Violation check_call(const ReferenceModel& reference, const Call& call, const std::optional<Record>& claimed) {
    if (reference.call && reference.call->runs && !reference.call->is_concluded)
        return "R6: one hub has two duties at once";
    const auto claim = claimed ? duty_in(*claimed) : std::nullopt;
    const bool stands = claim && claim->state == DutyState::claimed && claim->epoch.writer == reference.writer;
    if (!stands) return "R6: a duty is given before its claim is stored";
    if (is_active(*claimed) != (call.duty == DutyKind::check))
        return "R6: another duty is given than the one that was claimed";
    const auto& begun = reference.epochs_begun;
    if (std::find(begun.begin(), begun.end(), claim->epoch) != begun.end())
        return "R6: a duty is given twice under one claim";
    if (call.given_at >= claim->at) return "R6: a duty is given under a claim that has ended";
    if (!may_act(reference, call.duty)) return "R6: a duty is given to an app that may not or cannot do it";
    const bool is_apps = call.duty == DutyKind::check ? reference.can_check : reference.can_end;
    if (is_apps != (call.port != 0)) return "R6: a duty is given to another than the one who can";
    if (!reference.has_lock && !reference.lock_is_missing) return "R6: a tab acts without the lock";
    return std::nullopt;
}

Violation check_cancel(const ReferenceModel& reference, PortId port, CallId id) {
    const auto& call = reference.call;
    const bool runs = call && call->runs && call->port == port && call->id == id;
    return runs ? std::nullopt : Violation("R6: a duty is cancelled that does not run");
}

Violation check_lock_request(const ReferenceModel& reference, bool steals, EpochMs now) {
    const auto known = held(reference);
    if (!known || !may_act(reference, is_active(*known) ? DutyKind::check : DutyKind::end))
        return "R6: a lock is asked for without a duty";
    if (!steals) return std::nullopt;
    const auto duty = duty_in(*known);
    if (!duty || duty->state != DutyState::claimed) return "R6: a lock is taken over, and nobody had claimed the duty";
    if (duty_due_at(*known, now) > now) return "R6: a lock is taken over from a claim that has not ended";
    return std::nullopt;
}

Violation check_outcome_told(const ReferenceModel& reference, const Message& message, EpochMs now) {
    const auto asked = std::find_if(reference.checks.begin(), reference.checks.end(),
                                    [&](const CheckAsked& check) { return check.id == message.id; });
    if (asked == reference.checks.end())
        return message.outcome.empty() ? std::nullopt : Violation("an outcome is told of what was no check");
    if (!message.refused.empty()) {
        const bool may = message.refused == "rate-limited" || (message.refused == "hub-outdated" && reference.newer);
        return may ? std::nullopt : Violation("a check is refused without need");
    }
    if (reference.blocked || reference.refused) return std::nullopt;  // nobody but the hub knows what it holds
    const auto known = held(reference);
    const bool lives = known && is_active(*known);
    const auto duty = lives ? duty_in(*known) : std::nullopt;
    if (message.outcome == "inactive")
        return lives ? Violation("R7: a session that lives is told as inactive") : std::nullopt;
    if (!lives) return "R7: a check of no session is told as something else than inactive";
    if (message.outcome == "active") {
        if (asked->created != known->created) return std::nullopt;
        const bool is_done = duty && duty->state == DutyState::done && (!asked->stale || *asked->stale < duty->epoch);
        return is_done ? std::nullopt : Violation("R6: a session is told as active that no provider was asked about");
    }
    if (message.outcome != "unknown") return "a check is replied to without an outcome";
    const bool has_failed = duty && duty->state == DutyState::unknown;
    const bool has_waited = now >= asked->asked_at + limits::check_claim_wait_ms;
    return has_failed || has_waited ? std::nullopt : Violation("R6: a check is given up before its time");
}

// R8: what a timer may be for besides the session's own deadlines.
bool may_have_duty_deadline(const ReferenceModel& reference) {
    if (!reference.checks.empty() || (reference.call && reference.call->runs)) return true;
    const auto known = held(reference);
    if (!known) return false;
    const auto duty = duty_in(*known);
    // Without a lock a claim settles, whether its app is still there or not.
    if (duty && duty->state == DutyState::claimed && duty->epoch.writer == reference.writer) return true;
    if (!may_act(reference, is_active(*known) ? DutyKind::check : DutyKind::end)) return false;
    if (is_active(*known)) return known->check_at || (duty && duty->state != DutyState::done);
    return !duty || duty->state != DutyState::done;
}

}  // namespace lockstep::sim
