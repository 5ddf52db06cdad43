// A login: received here, and decided here on a fresh read. It never brings back a session that has ended (R1).
#pragma once

#include <optional>

#include "wasm/core/transition.hpp"

namespace lockstep {

void login_received(Transition& transition, const event::LoginReceived& login);

// Returns the refusal, or nothing and changes `candidate`.
[[nodiscard]] std::optional<Code> decide_login(Transition& transition, const event::LoginReceived& login,
                                               std::optional<Record>& candidate);

}  // namespace lockstep
