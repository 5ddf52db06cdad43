// What a login, a logout and a touch make of the stored session. They are decided on a fresh look at the store, never on
// memory alone, and they never bring back what has ended (R1).
#include <algorithm>

#include "wasm/core/turn.hpp"

namespace lockstep {
namespace {

// A login into the running session: the same subject, and no two session ids that contradict each other. Every app of a
// company signs in by itself against one provider session; that must renew the session, not begin a new one which a
// logout already under way would miss.
[[nodiscard]] bool joins(const Record& record, const event::LoginReceived& login) {
    if (record.subject != login.subject) return false;
    return !record.session_id || !login.session_id || *record.session_id == *login.session_id;
}

[[nodiscard]] Record born_anew(Turn& turn, const event::LoginReceived& login) {
    Record record;
    record.born = next_stamp(turn);
    record.version = record.born;
    record.subject = login.subject;
    record.session_id = login.session_id;
    record.signed_in_at = turn.now;
    record.expires_at = login.expires_at;
    record.active_at = turn.now;
    record.claims = login.claims;
    record.check_at = next_check_at(turn.state, record, turn.now);
    return record;
}

// What the login leaves out stays. A login that says nothing new writes nothing: forty tabs that each sign in silently
// cost one write, not forty.
[[nodiscard]] Record renewed(Turn& turn, const event::LoginReceived& login, const Record& record) {
    Record next = record;
    if (login.session_id) next.session_id = login.session_id;
    if (login.expires_at && login.expires_at != record.expires_at) {
        next.expires_at = login.expires_at;
        next.check_at = next_check_at(turn.state, next, turn.now);
    }
    if (!login.claims.empty()) next.claims = login.claims;
    if (next != record) next.version = next_stamp(turn);
    return next;
}

}  // namespace

Stamp next_stamp(Turn& turn) {
    turn.state.revision_seen += 1;
    return Stamp{turn.state.revision_seen, turn.state.writer};
}

std::optional<Code> decide_login(Turn& turn, const event::LoginReceived& login, std::optional<Record>& candidate) {
    if (login.expires_at && *login.expires_at <= turn.now) return Code::already_expired;
    if (candidate && !is_active(*candidate) && login.session_id && candidate->session_id == login.session_id) {
        return Code::session_ended;  // R1: a slow sibling finishing its own login after the logout
    }
    if (candidate && is_active(*candidate) && joins(*candidate, login)) {
        candidate = renewed(turn, login, *candidate);
    } else {
        candidate = born_anew(turn, login);
    }
    return std::nullopt;
}

void decide_logout(Turn& turn, const event::LogoutReceived& logout, std::optional<Record>& candidate) {
    if (!candidate || !is_active(*candidate)) return;
    if (logout.names && !names(turn.state, *logout.names, candidate->born)) return;  // R2: a later session is not the one that was named
    const std::string by = turn.state.client && turn.state.client->port == logout.port ? turn.state.client->origin : "";
    candidate = ended_copy(*candidate, End{EndReason::logout, by, turn.now}, next_stamp(turn));
    turn.state.ended_here = candidate->born.revision;
}

void decide_touch(const Turn& turn, std::optional<Record>& candidate) {
    if (!candidate || !is_active(*candidate)) return;
    candidate->active_at = std::max(candidate->active_at, turn.now);  // R9
}

}  // namespace lockstep
