// The app at the other end of the port: handshakes, capabilities, floods, and what it is told. Nothing is said on a port that is
// not the current one, and nothing to an origin that is not on the allow-list (R11).
#include <algorithm>

#include "wasm/core/turn.hpp"

namespace lockstep {
namespace {

[[nodiscard]] bool is_current(const State& state, PortId port) { return state.client && state.client->port == port; }

// An allowed origin is still not a trusted one: what comes too fast is refused, not queued.
[[nodiscard]] bool admitted(Turn& turn) {
    FloodBucket& flood = turn.state.flood;
    // A clock set back must not lock the app out, nor one set forward overflow the bucket.
    const std::int64_t elapsed_ms = std::max<std::int64_t>(turn.now - flood.refilled_at, 0);
    const std::int64_t refill = std::min(elapsed_ms / limits::flood_refill_interval_ms, limits::flood_burst);
    if (refill > 0 || turn.now < flood.refilled_at) {
        flood.tokens = std::min(flood.tokens + refill, limits::flood_burst);
        flood.refilled_at = turn.now;
    }
    if (flood.tokens == 0) return false;
    flood.tokens -= 1;
    return true;
}

// The door of every message on a port. Without an id there is nothing to answer.
[[nodiscard]] bool enters(Turn& turn, PortId port, RequestId id, std::optional<Capability> needed) {
    if (!is_current(turn.state, port)) return false;
    if (!admitted(turn)) {
        reply(turn, port, id, Code::rate_limited);
        return false;
    }
    if (needed && !turn.state.client->capabilities.has(*needed)) {
        if (id == 0) {
            report(turn, Code::forbidden);
        } else {
            reply(turn, port, id, Code::forbidden);
        }
        return false;
    }
    return true;
}

void take(Turn& turn, Request request) {
    turn.state.requests.push_back(std::move(request));
    if (turn.state.phase == Phase::running && !turn.state.writing) ask_for_read(turn);
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
    if (!last.session || !current.session || !names(state, *last.session, *current.session)) current.session = last.session;
    current.subject = last.subject;
    return current;
}

// The story since the app was told last, and since it was told last of an idle warning.
[[nodiscard]] std::vector<Notice> news(Turn& turn, Client& client, const Snapshot& snapshot) {
    State& state = turn.state;
    if (!client.announced) {
        client.known = client.last ? remembered(state, *client.last, snapshot) : snapshot;
        state.idle_warned = false;  // whoever comes now has not heard the warning
    }
    // `unavailable` is no end: the session may well live on, this hub just cannot read it.
    if (snapshot.status == Status::unavailable) return {};
    std::vector<Notice> notices = notices_between(*client.known, snapshot);
    client.known = snapshot;
    const bool warn = warns_of_idle_end(state, turn.now);
    if (warn && !state.idle_warned) notices.push_back(notice::IdleWarning{*snapshot.idle_at});
    // An end needs no dismissal: the logout says it.
    if (!warn && state.idle_warned && snapshot.session) notices.push_back(notice::IdleResume{});
    state.idle_warned = warn;
    return notices;
}

}  // namespace

void hello_received(Turn& turn, const event::HelloReceived& hello) {
    State& state = turn.state;
    const auto capabilities = capabilities_of(state.config, hello.origin);
    if (!capabilities) {
        turn.emit(effect::ClosePort{hello.port, std::nullopt});  // without a word (PROTOCOL §1)
        return;
    }
    if (state.client) turn.emit(effect::ClosePort{state.client->port, Code::replaced});
    state.scope_request.reset();
    state.client = Client{hello.port, hello.origin, *capabilities, std::nullopt, std::nullopt, hello.last, false, false};
    // Welcomed with what the store holds now, not with what memory held when the last app was here.
    if (state.phase == Phase::running && !state.writing) ask_for_read(turn);
}

void goodbye_received(Turn& turn, const event::GoodbyeReceived& goodbye) {
    if (!is_current(turn.state, goodbye.port)) return;
    turn.emit(effect::ClosePort{goodbye.port, std::nullopt});
    turn.state.client.reset();
    turn.state.scope_request.reset();
    turn.state.waiting_checks.clear();
    if (turn.state.own_duty) ask_for_read(turn);  // to hand it over
}

void refused_at_the_door(Turn& turn, const event::Refused& refused) {
    if (enters(turn, refused.port, refused.id, std::nullopt)) reply(turn, refused.port, refused.id, refused.code);
}

void login_received(Turn& turn, const event::LoginReceived& login) {
    if (enters(turn, login.port, login.id, Capability::login)) take(turn, login);
}

void logout_received(Turn& turn, const event::LogoutReceived& logout) {
    if (enters(turn, logout.port, logout.id, Capability::logout)) take(turn, logout);
}

void touch_received(Turn& turn, const event::TouchReceived& touch) {
    if (!enters(turn, touch.port, 0, Capability::activity)) return;
    if (touch_matters(turn.state, turn.now)) take(turn, Touch{});
}

void check_received(Turn& turn, const event::CheckReceived& check) {
    if (enters(turn, check.port, check.id, std::nullopt)) take(turn, check);
}

// What an origin may not bring about by itself it may not bring about by an outcome either: a check renews or ends, an end ends.
void duties_received(Turn& turn, const event::DutiesReceived& duties) {
    if (!enters(turn, duties.port, 0, std::nullopt)) return;
    Client& client = *turn.state.client;
    const bool may_end = client.capabilities.has(Capability::logout);
    const bool may_check = may_end && client.capabilities.has(Capability::login);
    client.can_check = duties.check && may_check;
    client.can_end = duties.end && may_end;
    if (client.can_check != duties.check || client.can_end != duties.end) report(turn, Code::forbidden);
    ask_for_read(turn);  // something may be due, or to be handed over
}

void allows_received(Turn& turn, const event::AllowsReceived& allows) {
    if (!enters(turn, allows.port, allows.id, std::nullopt)) return;
    const bool listed = capabilities_of(turn.state.config, allows.origin).has_value();
    reply(turn, allows.port, allows.id, listed ? std::nullopt : std::optional(Code::forbidden));
}

void scope_requested(Turn& turn, const event::ScopeRequested& request) {
    State& state = turn.state;
    if (!enters(turn, request.port, request.id, std::nullopt)) return;
    // Nothing to ask for: the app sees in its snapshot how it is.
    const Upgrade upgrade = snapshot_of(state).upgrade;
    if (upgrade == Upgrade::none || upgrade == Upgrade::unsupported) return reply(turn, request.port, request.id, std::nullopt);
    // The button shows the later words; nobody waits for the earlier ones.
    if (state.scope_request) reply(turn, state.scope_request->port, state.scope_request->id, std::nullopt);
    state.scope_request = ScopeRequest{request.port, request.id};
    turn.emit(effect::ShowButton{request.label, request.style});
}

void outcome_received(Turn& turn, const event::OutcomeReceived& outcome) {
    const auto& own = turn.state.own_duty;
    // Of a call that was cancelled: it comes too late to matter, and is no fault of the app's.
    if (!own || own->stage != DutyStage::acting || own->port != outcome.port || own->call != outcome.call) return;
    if (outcome.port != 0 && !enters(turn, outcome.port, 0, std::nullopt)) return;
    if (outcome.refused) report(turn, *outcome.refused);
    take(turn, outcome);
}

void wake_received(Turn& turn, const event::WakeReceived& wake) {
    if (enters(turn, wake.port, 0, std::nullopt)) woke(turn);
}

void announce(Turn& turn) {
    State& state = turn.state;
    if (state.phase != Phase::running || state.writing || !state.client) return;
    Client& client = *state.client;
    Snapshot snapshot = snapshot_of(state);
    std::vector<Notice> notices = news(turn, client, snapshot);
    if (!client.announced) {
        turn.emit(effect::Welcome{client.port, client.capabilities, snapshot, std::move(notices)});
    } else if (snapshot != *client.announced || !notices.empty()) {
        turn.emit(effect::Announce{client.port, snapshot, std::move(notices)});
    }
    client.announced = std::move(snapshot);
}

void reply(Turn& turn, PortId port, RequestId id, std::optional<Code> refused, std::optional<Outcome> outcome) {
    if (id == 0 || !is_current(turn.state, port)) return;
    turn.emit(effect::Reply{port, id, refused, outcome});
}

void report(Turn& turn, Code code) {
    if (turn.state.client && turn.state.client->announced) turn.emit(effect::Report{turn.state.client->port, code});
}

}  // namespace lockstep
