// The app at the other end of the port: handshake, goodbye, and its question whether an origin is allowed. Nothing is
// sent to an origin that is not on the allow-list (R11).
#pragma once

#include "wasm/core/transition.hpp"

namespace lockstep {

void hello_received(Transition& transition, const event::HelloReceived& hello);
void goodbye_received(Transition& transition, const event::GoodbyeReceived& goodbye);
void allows_received(Transition& transition, const event::AllowsReceived& allows);

}  // namespace lockstep
