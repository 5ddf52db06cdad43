// The user's activity (R9): received here, and decided here on a fresh read.
#pragma once

#include <optional>

#include "wasm/core/transition.hpp"

namespace lockstep {

void touch_received(Transition& transition, const event::TouchReceived& touch);
void decide_touch(const Transition& transition, std::optional<Record>& candidate);

}  // namespace lockstep
