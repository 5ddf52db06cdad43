// The one timer. Deadlines are absolute times compared at every event; the timer only makes sure that some event comes
// (R8). A deadline is never acted on from memory: the store is read first, since another tab may have changed it (R9).
#pragma once

#include "wasm/core/transition.hpp"

namespace lockstep {

enum class Basis { fresh_read, memory };  // whether this event brought what the store holds now

void compare_deadlines(Transition& transition, Basis basis);

}  // namespace lockstep
