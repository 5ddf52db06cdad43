#include "wasm/core/decide_login.hpp"

#include "wasm/core/deadline.hpp"
#include "wasm/core/door.hpp"

namespace lockstep {
namespace {

// A login into the running session: the same subject, and no two session ids that contradict each other. Every app of a
// company signs in by itself against one provider session; that must renew the session, not begin a new one which a
// logout already under way would miss.
[[nodiscard]] bool joins(const Record& record, const event::LoginReceived& login) {
    return record.subject == login.subject && may_be_same_session(record.session_id, login.session_id);
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

// What the login leaves out stays. A login that brings nothing new writes nothing: forty tabs that each sign in
// silently cost one write, not forty.
[[nodiscard]] Record renewed(Transition& transition, const event::LoginReceived& login, const Record& record) {
    Record next = record;
    if (login.session_id) next.session_id = login.session_id;
    if (login.expires_at && login.expires_at != record.expires_at) {
        next.expires_at = login.expires_at;
        next.check_at = next_check_at(transition.state, next, transition.now);
    }
    if (!login.claims.empty()) next.claims = login.claims;
    if (next != record) next.updated = next_update(transition, record);
    return next;
}

}  // namespace

void login_received(Transition& transition, const event::LoginReceived& login) {
    if (authorize(transition, login.port, login.id, Capability::login)) enqueue(transition, login);
}

std::optional<Code> decide_login(Transition& transition, const event::LoginReceived& login,
                                 std::optional<Record>& candidate) {
    if (login.expires_at && *login.expires_at <= transition.now) return Code::already_expired;
    // There is no later revision, so the login could not win, or no hub could read it.
    if (transition.state.revision_seen >= limits::revision_max) return Code::storage_failed;
    if (candidate && !is_active(*candidate) && login.session_id && candidate->session_id == login.session_id) {
        return Code::session_ended;  // R1: a slow app finishes its own login after the logout
    }
    if (candidate && is_active(*candidate) && joins(*candidate, login)) {
        candidate = renewed(transition, login, *candidate);
    } else {
        candidate = created_session(transition, login);
    }
    return std::nullopt;
}

}  // namespace lockstep
