// What time and the store bring about without a request: an end by a passed deadline (R8, R9) or by an explicit clear
// (R4), and the correction of times that a wrong clock has left.
#pragma once

#include <optional>

#include "wasm/core/transition.hpp"

namespace lockstep {

// R8: a stored time in the future is taken for now, so that it switches off no deadline. It was written while the clock
// was ahead, and so may the expiry have been, which looks like a right one: the session is checked at once.
// The correction is a decided change, so it wins in every tab by its later `updated`.
void correct_future_times(Transition& transition, std::optional<Record>& candidate);

void end_when_due(Transition& transition, std::optional<Record>& candidate);

// R4: an explicit clear ends the session that was known when it was seen, and none created after it (R2).
void end_when_cleared(Transition& transition, std::optional<Record>& candidate);

}  // namespace lockstep
