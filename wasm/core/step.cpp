// The dispatch of one event to its family, and what follows every event alike: deadlines are compared (R8).
#include "wasm/core/step.hpp"

#include "wasm/core/connection.hpp"
#include "wasm/core/cycle.hpp"
#include "wasm/core/decide_activity.hpp"
#include "wasm/core/decide_check.hpp"
#include "wasm/core/decide_duty.hpp"
#include "wasm/core/decide_login.hpp"
#include "wasm/core/decide_logout.hpp"
#include "wasm/core/decide_migration.hpp"
#include "wasm/core/decide_push.hpp"
#include "wasm/core/decide_scope.hpp"
#include "wasm/core/door.hpp"
#include "wasm/core/match.hpp"
#include "wasm/core/page_life.hpp"
#include "wasm/core/timer.hpp"
#include "wasm/core/tombstone.hpp"

namespace lockstep {

namespace {

[[nodiscard]] Basis basis_of(const Event& event) {
    const bool fresh =
        std::holds_alternative<event::RecordRead>(event) || std::holds_alternative<event::RecordWritten>(event) ||
        std::holds_alternative<event::RecordNotWritten>(event) || std::holds_alternative<event::TombstoneRead>(event);
    return fresh ? Basis::fresh_read : Basis::memory;
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
    Transition transition{state, now, {}};
    match(
        event, [&](const event::Started& e) { started(transition, e); },
        [&](const event::HelloReceived& e) { hello_received(transition, e); },
        [&](const event::LoginReceived& e) { login_received(transition, e); },
        [&](const event::LogoutReceived& e) { logout_received(transition, e); },
        [&](const event::TouchReceived& e) { touch_received(transition, e); },
        [&](const event::WakeReceived& e) { wake_received(transition, e); },
        [&](const event::GoodbyeReceived& e) { goodbye_received(transition, e); },
        [&](const event::Refused& e) { refused_at_the_door(transition, e); },
        [&](const event::StoreChanged& e) { store_changed(transition, e); },
        [&](const event::StoreCleared&) { store_cleared(transition); }, [&](const event::Woke&) { woke(transition); },
        [&](const event::TimerFired&) { transition.state.timer_at.reset(); },
        [&](const event::RecordRead& e) { record_read(transition, e); },
        [&](const event::RecordWritten& e) { record_written(transition, e); },
        [&](const event::RecordNotWritten& e) { record_not_written(transition, e); },
        [&](const event::TombstoneRead& e) { tombstone_read(transition, e); },
        [&](const event::TombstoneStored& e) { tombstone_stored(transition, e); },
        [&](const event::CheckReceived& e) { check_received(transition, e); },
        [&](const event::DutiesReceived& e) { duties_received(transition, e); },
        [&](const event::AllowsReceived& e) { allows_received(transition, e); },
        [&](const event::OutcomeReceived& e) { outcome_received(transition, e); },
        [&](const event::LockAnswered& e) { lock_answered(transition, e); },
        [&](const event::LockLost&) { lock_lost(transition); },
        [&](const event::VisibilityChanged& e) { visibility_changed(transition, e); },
        [&](const event::Leaving&) { leaving(transition); },
        [&](const event::ScopeRequested& e) { scope_requested(transition, e); },
        [&](const event::StorageCapabilitiesChanged& e) { storage_capabilities_changed(transition, e); },
        [&](const event::CookieGone& e) { cookie_gone(transition, e); },
        [&](const event::Freezing&) { freezing(transition); },
        [&](const event::StreamOpened& e) { stream_opened(transition, e); },
        [&](const event::StreamFailed& e) { stream_failed(transition, e); },
        [&](const event::EndPushed& e) { end_pushed(transition, e); });
    keep_stream(transition);
    compare_deadlines(transition, basis_of(event));
    return std::move(transition.effects);
}

}  // namespace lockstep
