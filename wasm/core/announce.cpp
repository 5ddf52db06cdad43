#include "wasm/core/announce.hpp"

#include "wasm/core/deadline.hpp"
#include "wasm/core/match.hpp"
#include "wasm/core/snapshot_of.hpp"

namespace lockstep {
namespace {

// The snapshot that a returning app showed last, as far as the session events need it.
[[nodiscard]] Snapshot remembered(const State& state, const LastSeen& last, Snapshot current) {
    current.status = last.session ? Status::signed_in : Status::signed_out;
    if (!last.session || !current.session || !refers_to(state.migration, *last.session, *current.session))
        current.session = last.session;
    current.subject = last.subject;
    return current;
}

// A logout that the app sends before it receives this names the session by an earlier one.
void note_name(Client& client, const Snapshot& snapshot) {
    if (client.known->subject != snapshot.subject) client.names.clear();
    if (!snapshot.session || (!client.names.empty() && client.names.back() == *snapshot.session)) return;
    if (client.names.size() == limits::session_names_max) client.names.erase(client.names.begin());
    client.names.push_back(*snapshot.session);
}

// An app that reloads when another user signs in must not reload the tab in which that user signed in.
void mark_own(const State& state, SessionEvent& session_event) {
    if (!state.record) return;
    const Record& record = *state.record;
    const bool created_here = state.created_here == record.created;
    const auto& end = state.own_end;
    const bool logged_out_here = end && end->created == record.created && end->reason == EndReason::logout;
    match(
        session_event, [&](session_event::Login& login) { login.own = created_here; },
        [&](session_event::UserChange& change) { change.own = created_here; },
        [&](session_event::Logout& logout) { logout.own = logged_out_here && logout.reason == EndReason::logout; },
        [](const session_event::IdleWarning&) {}, [](const session_event::IdleResume&) {},
        [](const session_event::ScopeChange&) {});
}

// The session events since the last announcement, and since the last idle warning.
[[nodiscard]] std::vector<SessionEvent> events_since_last(const State& state, Client& client,
                                                          const Snapshot& snapshot) {
    if (!client.announced) client.known = client.last ? remembered(state, *client.last, snapshot) : snapshot;
    // `unavailable` is no end: the session may well live on, this hub just cannot read it.
    if (snapshot.status == Status::unavailable) return {};
    std::vector<SessionEvent> session_events = session_events_between(*client.known, snapshot);
    for (SessionEvent& session_event : session_events) mark_own(state, session_event);
    const bool was_warned = client.announced && client.known->idle_warning;
    note_name(client, snapshot);
    client.known = snapshot;
    if (snapshot.idle_warning && !was_warned)
        session_events.emplace_back(session_event::IdleWarning{*snapshot.idle_at});
    // After an end the logout takes the warning's place, so no idle-resume is sent.
    if (was_warned && !snapshot.idle_warning && snapshot.session)
        session_events.emplace_back(session_event::IdleResume{});
    return session_events;
}

}  // namespace

void announce(Transition& transition) {
    State& state = transition.state;
    if (state.phase != Phase::running || state.writing || !state.client) return;
    Client& client = *state.client;
    state.idle_warned = warns_of_idle_end(state, transition.now);
    Snapshot snapshot = snapshot_of(state);
    std::vector<SessionEvent> session_events = events_since_last(state, client, snapshot);
    if (!client.announced) {
        transition.emit(effect::Welcome{client.port, client.capabilities, snapshot, std::move(session_events)});
    } else if (snapshot != *client.announced || !session_events.empty()) {
        transition.emit(effect::Announce{client.port, snapshot, std::move(session_events)});
    }
    client.announced = std::move(snapshot);
}

}  // namespace lockstep
