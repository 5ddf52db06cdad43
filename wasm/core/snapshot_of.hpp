// The snapshot of a state: a pure view of it.
#pragma once

#include "wasm/core/state.hpp"

namespace lockstep {

[[nodiscard]] Snapshot snapshot_of(const State& state);

}  // namespace lockstep
