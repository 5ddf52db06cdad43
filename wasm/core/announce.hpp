// The messages to the app about the session: its snapshot, and the session events since the last one.
#pragma once

#include "wasm/core/transition.hpp"

namespace lockstep {

// Sends the app what it does not know yet. It waits while a write is under way (R5).
void announce(Transition& transition);

}  // namespace lockstep
