// What a login, a logout and a touch make of the stored session. They are decided on a fresh look at the store, never
// on memory alone, and they never bring back what has ended (R1).
#include <algorithm>

#include "wasm/core/transition.hpp"

namespace lockstep {
namespace {

// A login into the running session: the same subject, and no two session ids that contradict each other. Every app of a
// company signs in by itself against one provider session; that must renew the session, not begin a new one which a
// logout already under way would miss.
[[nodiscard]] bool joins(const Record& record, const event::LoginReceived& login) {
    if (record.subject != login.subject) return false;
    return !record.session_id || !login.session_id || *record.session_id == *login.session_id;
}

[[nodiscard]] Record created_session(Transition& transition, const event::LoginReceived& login) {
    Record record;
    record.created = next_timestamp(transition);
    record.updated = record.created;
    record.subject = login.subject;
    record.session_id = login.session_id;
    record.signed_in_at = transition.now;
    record.expires_at = login.expires_at;
    record.active_at = transition.now;
    record.claims = login.claims;
    record.check_at = next_check_at(transition.state, record, transition.now);
    return record;
}

// What the login leaves out stays. A login that says nothing new writes nothing: forty tabs that each sign in silently
// cost one write, not forty.
[[nodiscard]] Record renewed(Transition& transition, const event::LoginReceived& login, const Record& record) {
    Record next = record;
    if (login.session_id) next.session_id = login.session_id;
    if (login.expires_at && login.expires_at != record.expires_at) {
        next.expires_at = login.expires_at;
        next.check_at = next_check_at(transition.state, next, transition.now);
    }
    if (!login.claims.empty()) next.claims = login.claims;
    if (next != record) next.updated = next_timestamp(transition);
    return next;
}

}  // namespace

LogicalTimestamp next_timestamp(Transition& transition) {
    transition.state.revision_seen += 1;
    return LogicalTimestamp{transition.state.revision_seen, transition.state.writer};
}

std::optional<Code> decide_login(Transition& transition, const event::LoginReceived& login,
                                 std::optional<Record>& candidate) {
    if (login.expires_at && *login.expires_at <= transition.now) return Code::already_expired;
    if (candidate && !is_active(*candidate) && login.session_id && candidate->session_id == login.session_id) {
        return Code::session_ended;  // R1: a slow sibling finishing its own login after the logout
    }
    if (candidate && is_active(*candidate) && joins(*candidate, login)) {
        candidate = renewed(transition, login, *candidate);
    } else {
        candidate = created_session(transition, login);
    }
    return std::nullopt;
}

void decide_logout(Transition& transition, const event::LogoutReceived& logout, std::optional<Record>& candidate) {
    if (!candidate || !is_active(*candidate)) return;
    if (logout.names && !refers_to(transition.state, *logout.names, candidate->created))
        return;  // R2: a later session is not the one that was named
    const std::string by =
        transition.state.client && transition.state.client->port == logout.port ? transition.state.client->origin : "";
    candidate = ended_copy(*candidate, End{EndReason::logout, by, transition.now}, next_timestamp(transition));
    transition.state.ended_here = candidate->created.revision;
}

void decide_touch(const Transition& transition, std::optional<Record>& candidate) {
    if (!candidate || !is_active(*candidate)) return;
    candidate->active_at = std::max(candidate->active_at, transition.now);  // R9
}

}  // namespace lockstep
