// What browsers do to a page: it goes, is cached or frozen, comes back, is hidden and seen. Nothing is held across it,
// and memory is old afterwards (R10).
#pragma once

#include "wasm/core/transition.hpp"

namespace lockstep {

void leaving(Transition& transition);
void freezing(Transition& transition);
void wake_received(Transition& transition, const event::WakeReceived& wake);
void woke(Transition& transition);
void visibility_changed(Transition& transition, const event::VisibilityChanged& changed);

}  // namespace lockstep
