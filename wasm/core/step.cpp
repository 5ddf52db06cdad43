// The dispatch of one event, and what follows every event alike: deadlines are compared (R8), news is announced.
#include "wasm/core/match.hpp"
#include "wasm/core/turn.hpp"

namespace lockstep {

namespace {

[[nodiscard]] Look look_of(const Event& event) {
    const bool fresh = std::holds_alternative<event::RecordRead>(event) || std::holds_alternative<event::RecordWritten>(event) ||
                       std::holds_alternative<event::RecordNotWritten>(event) || std::holds_alternative<event::KeptEndRead>(event);
    return fresh ? Look::fresh : Look::old;
}

}  // namespace

State initial_state(Config config) {
    State state;
    state.config = std::move(config);
    return state;
}

Step step(State state, EpochMs now, const Event& event) {
    Effects effects = advance(state, now, event);
    return {std::move(state), std::move(effects)};
}

Effects advance(State& state, EpochMs now, const Event& event) {
    Turn turn{state, now, {}};
    match(
        event, [&](const event::Started& e) { started(turn, e); }, [&](const event::HelloReceived& e) { hello_received(turn, e); },
        [&](const event::LoginReceived& e) { login_received(turn, e); }, [&](const event::LogoutReceived& e) { logout_received(turn, e); },
        [&](const event::TouchReceived& e) { touch_received(turn, e); }, [&](const event::WakeReceived& e) { wake_received(turn, e); },
        [&](const event::GoodbyeReceived& e) { goodbye_received(turn, e); }, [&](const event::Refused& e) { refused_at_the_door(turn, e); },
        [&](const event::StoreChanged& e) { store_changed(turn, e); }, [&](const event::StoreCleared&) { store_cleared(turn); },
        // R10: a frozen or cached page hears nothing (Firefox and WebKit drop the events), so its copy may be old.
        [&](const event::Woke&) { woke(turn); }, [&](const event::TimerFired&) { turn.state.timer_at.reset(); },
        [&](const event::RecordRead& e) { record_read(turn, e); }, [&](const event::RecordWritten& e) { record_written(turn, e); },
        [&](const event::RecordNotWritten& e) { record_not_written(turn, e); },
        [&](const event::KeptEndRead& e) { kept_end_read(turn, e); }, [&](const event::EndKept& e) { end_kept(turn, e); },
        [&](const event::CheckReceived& e) { check_received(turn, e); }, [&](const event::DutiesReceived& e) { duties_received(turn, e); },
        [&](const event::AllowsReceived& e) { allows_received(turn, e); },
        [&](const event::OutcomeReceived& e) { outcome_received(turn, e); }, [&](const event::LockAnswered& e) { lock_answered(turn, e); },
        [&](const event::LockLost&) { lock_lost(turn); }, [&](const event::VisibilityChanged& e) { visibility_changed(turn, e); },
        [&](const event::Leaving&) { leaving(turn); }, [&](const event::ScopeRequested& e) { scope_requested(turn, e); },
        [&](const event::PlacementChanged& e) { placement_changed(turn, e); });
    mind_deadlines(turn, look_of(event));
    return std::move(turn.effects);
}

}  // namespace lockstep
