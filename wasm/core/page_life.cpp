#include "wasm/core/page_life.hpp"

#include "wasm/core/decide_duty.hpp"
#include "wasm/core/decide_push.hpp"
#include "wasm/core/door.hpp"

namespace lockstep {
namespace {

// R10: a frozen or cached page receives no events (Firefox and WebKit drop them), so its copy may be old.
void read_again(Transition& transition) {
    transition.state.leaving = false;
    transition.state.frozen = false;
    transition.state.timer_is_stale = true;
    ask_for_read(transition);
}

}  // namespace

void leaving(Transition& transition) {
    transition.state.leaving = true;
    if (!transition.state.own_duty) return;
    // Before the tombstone is read nothing is decided, and so nothing is handed over: the claim ends by itself.
    if (transition.state.phase != Phase::running) return drop_duty(transition);
    ask_for_read(transition);
}

void freezing(Transition& transition) { transition.state.frozen = true; }

// An app also sends it when the user acts: that is no reason to ask a provider that has failed sooner than its pause.
void wake_received(Transition& transition, const event::WakeReceived& wake) {
    if (!authorize(transition, wake.port, wake.id, std::nullopt)) return;
    distrust_stream(transition, false);
    read_again(transition);
    enqueue(transition, wake);
}

void woke(Transition& transition) {
    const auto& record = transition.state.record;
    if (record && record->duty.state == DutyState::unknown)
        transition.state.retried_early = record->duty.epoch.revision;
    distrust_stream(transition, true);
    read_again(transition);
}

void visibility_changed(Transition& transition, const event::VisibilityChanged& changed) {
    transition.state.visible = changed.visible;
    if (changed.visible) woke(transition);
}

}  // namespace lockstep
