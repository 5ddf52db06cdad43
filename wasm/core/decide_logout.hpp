// A logout: received here, and decided here on a fresh read. It ends the session that it names, and no later one (R2).
#pragma once

#include <optional>

#include "wasm/core/transition.hpp"

namespace lockstep {

void logout_received(Transition& transition, const event::LogoutReceived& logout);
void decide_logout(Transition& transition, const event::LogoutReceived& logout, std::optional<Record>& candidate);

}  // namespace lockstep
