#include "wasm/core/announce.hpp"

#include "wasm/core/deadline.hpp"
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

// The session events since the last announcement, and since the last idle warning.
[[nodiscard]] std::vector<SessionEvent> events_since_last(Transition& transition, Client& client,
                                                          const Snapshot& snapshot) {
    State& state = transition.state;
    if (!client.announced) {
        client.known = client.last ? remembered(state, *client.last, snapshot) : snapshot;
        state.idle_warned = false;  // a new app has not got the warning
    }
    // `unavailable` is no end: the session may well live on, this hub just cannot read it.
    if (snapshot.status == Status::unavailable) return {};
    std::vector<SessionEvent> session_events = session_events_between(*client.known, snapshot);
    client.known = snapshot;
    const bool warn = warns_of_idle_end(state, transition.now);
    if (warn && !state.idle_warned) session_events.push_back(session_event::IdleWarning{*snapshot.idle_at});
    // After an end the logout takes the warning's place, so no idle-resume is sent.
    if (!warn && state.idle_warned && snapshot.session) session_events.push_back(session_event::IdleResume{});
    state.idle_warned = warn;
    return session_events;
}

}  // namespace

void announce(Transition& transition) {
    State& state = transition.state;
    if (state.phase != Phase::running || state.writing || !state.client) return;
    Client& client = *state.client;
    Snapshot snapshot = snapshot_of(state);
    std::vector<SessionEvent> session_events = events_since_last(transition, client, snapshot);
    if (!client.announced) {
        transition.emit(effect::Welcome{client.port, client.capabilities, snapshot, std::move(session_events)});
    } else if (snapshot != *client.announced || !session_events.empty()) {
        transition.emit(effect::Announce{client.port, snapshot, std::move(session_events)});
    }
    client.announced = std::move(snapshot);
}

}  // namespace lockstep
