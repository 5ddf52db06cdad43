// The app at the other end of the port: handshakes, capabilities, floods, and what it is told. Nothing is said on a
// port that is not the current one, and nothing to an origin that is not on the allow-list (R11).
#include <algorithm>

#include "wasm/core/transition.hpp"

namespace lockstep {
namespace {

[[nodiscard]] bool is_current(const State& state, PortId port) { return state.client && state.client->port == port; }

// An allowed origin is still not a trusted one: what comes too fast is refused, not queued.
[[nodiscard]] bool take_rate_token(Transition& transition) {
    RateLimiter& limiter = transition.state.rate_limiter;
    // A clock set back must not lock the app out, nor one set forward overflow the bucket.
    const std::int64_t elapsed_ms = std::max<std::int64_t>(transition.now - limiter.refilled_at, 0);
    const std::int64_t refill = std::min(elapsed_ms / limits::rate_refill_interval_ms, limits::rate_burst);
    if (refill > 0 || transition.now < limiter.refilled_at) {
        limiter.tokens = std::min(limiter.tokens + refill, limits::rate_burst);
        limiter.refilled_at = transition.now;
    }
    if (limiter.tokens == 0) return false;
    limiter.tokens -= 1;
    return true;
}

// The door of every message on a port. Without an id there is nothing to answer.
[[nodiscard]] bool authorize(Transition& transition, PortId port, RequestId id, std::optional<Capability> needed) {
    if (!is_current(transition.state, port)) return false;
    if (!take_rate_token(transition)) {
        reply(transition, port, id, Code::rate_limited);
        return false;
    }
    if (needed && !transition.state.client->capabilities.has(*needed)) {
        if (id == 0) {
            send_error_notice(transition, Code::forbidden);
        } else {
            reply(transition, port, id, Code::forbidden);
        }
        return false;
    }
    return true;
}

void enqueue(Transition& transition, Request request) {
    transition.state.requests.push_back(std::move(request));
    if (transition.state.phase == Phase::running && !transition.state.writing) ask_for_read(transition);
}

// Between writes a touch costs nothing. During the warning it always counts: the user wants it gone in every tab.
[[nodiscard]] bool touch_matters(const State& state, EpochMs now) {
    if (!state.record || !is_active(*state.record) || !state.config.times.idle_timeout_ms) return false;
    const EpochMs coarse_ms = *state.config.times.idle_timeout_ms / limits::activity_writes_per_idle_timeout;
    return state.idle_warned || now >= state.record->active_at + std::max<EpochMs>(coarse_ms, 1);
}

// What a returning app remembers of the session, as far as the story needs it.
[[nodiscard]] Snapshot remembered(const State& state, const LastSeen& last, Snapshot current) {
    current.status = last.session ? Status::signed_in : Status::signed_out;
    if (!last.session || !current.session || !refers_to(state, *last.session, *current.session))
        current.session = last.session;
    current.subject = last.subject;
    return current;
}

// The story since the app was told last, and since it was told last of an idle warning.
[[nodiscard]] std::vector<SessionEvent> news(Transition& transition, Client& client, const Snapshot& snapshot) {
    State& state = transition.state;
    if (!client.announced) {
        client.known = client.last ? remembered(state, *client.last, snapshot) : snapshot;
        state.idle_warned = false;  // whoever comes now has not heard the warning
    }
    // `unavailable` is no end: the session may well live on, this hub just cannot read it.
    if (snapshot.status == Status::unavailable) return {};
    std::vector<SessionEvent> session_events = session_events_between(*client.known, snapshot);
    client.known = snapshot;
    const bool warn = warns_of_idle_end(state, transition.now);
    if (warn && !state.idle_warned) session_events.push_back(session_event::IdleWarning{*snapshot.idle_at});
    // An end needs no dismissal: the logout says it.
    if (!warn && state.idle_warned && snapshot.session) session_events.push_back(session_event::IdleResume{});
    state.idle_warned = warn;
    return session_events;
}

}  // namespace

void hello_received(Transition& transition, const event::HelloReceived& hello) {
    State& state = transition.state;
    const auto capabilities = capabilities_of(state.config, hello.origin);
    if (!capabilities) {
        transition.emit(effect::ClosePort{hello.port, std::nullopt});  // without a word (PROTOCOL §1)
        return;
    }
    if (state.client) transition.emit(effect::ClosePort{state.client->port, Code::replaced});
    state.scope_request.reset();
    state.client =
        Client{hello.port, hello.origin, *capabilities, std::nullopt, std::nullopt, hello.last, false, false};
    // Welcomed with what the store holds now, not with what memory held when the last app was here.
    if (state.phase == Phase::running && !state.writing) ask_for_read(transition);
}

void goodbye_received(Transition& transition, const event::GoodbyeReceived& goodbye) {
    if (!is_current(transition.state, goodbye.port)) return;
    transition.emit(effect::ClosePort{goodbye.port, std::nullopt});
    transition.state.client.reset();
    transition.state.scope_request.reset();
    transition.state.waiting_checks.clear();
    if (transition.state.own_duty) ask_for_read(transition);  // to hand it over
}

void refused_at_the_door(Transition& transition, const event::Refused& refused) {
    if (authorize(transition, refused.port, refused.id, std::nullopt))
        reply(transition, refused.port, refused.id, refused.code);
}

void login_received(Transition& transition, const event::LoginReceived& login) {
    if (authorize(transition, login.port, login.id, Capability::login)) enqueue(transition, login);
}

void logout_received(Transition& transition, const event::LogoutReceived& logout) {
    if (authorize(transition, logout.port, logout.id, Capability::logout)) enqueue(transition, logout);
}

void touch_received(Transition& transition, const event::TouchReceived& touch) {
    if (!authorize(transition, touch.port, 0, Capability::activity)) return;
    if (touch_matters(transition.state, transition.now)) enqueue(transition, Touch{});
}

void check_received(Transition& transition, const event::CheckReceived& check) {
    if (authorize(transition, check.port, check.id, std::nullopt)) enqueue(transition, check);
}

// What an origin may not bring about by itself it may not bring about by an outcome either: a check renews or ends, an
// end ends.
void duties_received(Transition& transition, const event::DutiesReceived& duties) {
    if (!authorize(transition, duties.port, 0, std::nullopt)) return;
    Client& client = *transition.state.client;
    const bool may_end = client.capabilities.has(Capability::logout);
    const bool may_check = may_end && client.capabilities.has(Capability::login);
    client.can_check = duties.check && may_check;
    client.can_end = duties.end && may_end;
    if (client.can_check != duties.check || client.can_end != duties.end)
        send_error_notice(transition, Code::forbidden);
    ask_for_read(transition);  // something may be due, or to be handed over
}

void allows_received(Transition& transition, const event::AllowsReceived& allows) {
    if (!authorize(transition, allows.port, allows.id, std::nullopt)) return;
    const bool listed = capabilities_of(transition.state.config, allows.origin).has_value();
    reply(transition, allows.port, allows.id, listed ? std::nullopt : std::optional(Code::forbidden));
}

void scope_requested(Transition& transition, const event::ScopeRequested& request) {
    State& state = transition.state;
    if (!authorize(transition, request.port, request.id, std::nullopt)) return;
    // Nothing to ask for: the app sees in its snapshot how it is.
    const Upgrade upgrade = snapshot_of(state).upgrade;
    if (upgrade == Upgrade::none || upgrade == Upgrade::unsupported)
        return reply(transition, request.port, request.id, std::nullopt);
    // The button shows the later words; nobody waits for the earlier ones.
    if (state.scope_request) reply(transition, state.scope_request->port, state.scope_request->id, std::nullopt);
    state.scope_request = ScopeRequest{request.port, request.id};
    transition.emit(effect::ShowButton{request.label, request.style});
}

void outcome_received(Transition& transition, const event::OutcomeReceived& outcome) {
    const auto& own = transition.state.own_duty;
    // Of a call that was cancelled: it comes too late to matter, and is no fault of the app's.
    if (!own || own->stage != DutyStage::acting || own->port != outcome.port || own->call != outcome.call) return;
    if (outcome.port != 0 && !authorize(transition, outcome.port, 0, std::nullopt)) return;
    if (outcome.refused) send_error_notice(transition, *outcome.refused);
    enqueue(transition, outcome);
}

void wake_received(Transition& transition, const event::WakeReceived& wake) {
    if (authorize(transition, wake.port, 0, std::nullopt)) woke(transition);
}

void announce(Transition& transition) {
    State& state = transition.state;
    if (state.phase != Phase::running || state.writing || !state.client) return;
    Client& client = *state.client;
    Snapshot snapshot = snapshot_of(state);
    std::vector<SessionEvent> session_events = news(transition, client, snapshot);
    if (!client.announced) {
        transition.emit(effect::Welcome{client.port, client.capabilities, snapshot, std::move(session_events)});
    } else if (snapshot != *client.announced || !session_events.empty()) {
        transition.emit(effect::Announce{client.port, snapshot, std::move(session_events)});
    }
    client.announced = std::move(snapshot);
}

void reply(Transition& transition, PortId port, RequestId id, std::optional<Code> refused,
           std::optional<Outcome> outcome) {
    if (id == 0 || !is_current(transition.state, port)) return;
    transition.emit(effect::Reply{port, id, refused, outcome});
}

void send_error_notice(Transition& transition, Code code) {
    if (transition.state.client && transition.state.client->announced)
        transition.emit(effect::ErrorNotice{transition.state.client->port, code});
}

}  // namespace lockstep
