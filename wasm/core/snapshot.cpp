#include "wasm/core/snapshot.hpp"

namespace lockstep {
namespace {

// The same person is signed in, and nobody has logged out since: two apps signed in at the same moment, and one session
// took the place of the other.
[[nodiscard]] bool is_continued(const Snapshot& before, const Snapshot& after) {
    return before.session && before.subject == after.subject &&
           (!after.last_end || after.last_end->revision < before.session->revision);
}

}  // namespace

std::vector<SessionEvent> session_events_between(const Snapshot& before, const Snapshot& after) {
    std::vector<SessionEvent> session_events;
    if (before.session != after.session) {
        if (!after.session) {
            session_events.emplace_back(
                session_event::Logout{after.reason.value_or(EndReason::cleared), after.ended_by});
        } else if (before.session && before.subject != after.subject) {
            session_events.emplace_back(session_event::UserChange{before.subject});
        } else if (!is_continued(before, after)) {
            session_events.emplace_back(session_event::Login{});
        }
    }
    if (before.scope != after.scope) session_events.emplace_back(session_event::ScopeChange{before.scope, after.scope});
    return session_events;
}

}  // namespace lockstep
