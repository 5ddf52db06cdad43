#include "wasm/core/decide_login.hpp"

#include "wasm/core/deadline.hpp"
#include "wasm/core/door.hpp"

namespace lockstep {
namespace {

// R1: a login that began before somebody logged out loses against that end, whoever it is for. What its app had been
// shown says which began first; a provider's session id does not, since each app may have one of its own.
[[nodiscard]] bool began_before_last_end(const State& state, const event::LoginReceived& login, const Record& record) {
    const bool counts = login.last_end && login.last_end->medium == state.medium;
    return (counts ? login.last_end->revision : 0) < record.last_end;
}

// A time that has passed comes from a clock that is not this one.
[[nodiscard]] std::optional<EpochMs> expiry_of(const event::LoginReceived& login, EpochMs now) {
    return login.expires_at && *login.expires_at > now ? login.expires_at : std::nullopt;
}

[[nodiscard]] Record created_session(Transition& transition, const event::LoginReceived& login,
                                     const std::optional<Record>& before) {
    Record record;
    record.created = next_timestamp(transition);
    record.updated = record.created;
    record.last_end = before ? before->last_end : 0;
    record.subject = login.subject;
    record.session_id = login.session_id;
    record.signed_in_at = transition.now;
    record.expires_at = expiry_of(login, transition.now);
    record.active_at = transition.now;
    record.claims = login.claims;
    record.check_at = next_check_at(transition.state, record, transition.now);
    return record;
}

// One person is one session: every app of a company signs in by itself, and joins. What a login leaves out stays, and
// no app shortens what another has found out. A login that brings nothing new writes nothing: forty tabs that each sign
// in silently cost one write, not forty.
[[nodiscard]] Record joined(Transition& transition, const event::LoginReceived& login, const Record& record) {
    Record next = record;
    if (!next.session_id) next.session_id = login.session_id;
    const auto expiry = expiry_of(login, transition.now);
    // Whoever signs in while the check of an expired session is waited for has answered it.
    const bool has_passed = record.expires_at && *record.expires_at <= transition.now;
    if (has_passed || (expiry && record.expires_at && *expiry > *record.expires_at)) {
        next.expires_at = expiry;
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
    // There is no later revision, so the login could not win, or no hub could read it.
    if (transition.state.revision_seen >= limits::revision_max) return Code::storage_failed;
    if (candidate && is_active(*candidate) && candidate->subject == login.subject) {
        candidate = joined(transition, login, *candidate);  // brings nobody back, whenever it began
        return std::nullopt;
    }
    if (candidate && began_before_last_end(transition.state, login, *candidate)) return Code::session_ended;
    candidate = created_session(transition, login, candidate);
    transition.state.created_here = candidate->created;
    return std::nullopt;
}

}  // namespace lockstep
