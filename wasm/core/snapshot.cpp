#include "wasm/core/snapshot.hpp"

namespace lockstep {

std::vector<SessionEvent> session_events_between(const Snapshot& before, const Snapshot& after) {
    std::vector<SessionEvent> session_events;
    if (before.session != after.session) {
        if (!after.session) {
            session_events.push_back(session_event::Logout{after.reason.value_or(EndReason::cleared), after.ended_by});
        } else if (before.session && before.subject != after.subject) {
            session_events.push_back(session_event::UserChange{before.subject});
        } else {
            session_events.push_back(session_event::Login{});
        }
    }
    if (before.scope != after.scope) session_events.push_back(session_event::ScopeChange{before.scope, after.scope});
    return session_events;
}

}  // namespace lockstep
