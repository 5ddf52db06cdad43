// The whole machine: pure and total. Same state, time and event, same effects.
#pragma once

#include <optional>
#include <string_view>

#include "wasm/core/snapshot_of.hpp"
#include "wasm/core/state.hpp"

namespace lockstep {

struct Step {
    State state;
    Effects effects;
};

[[nodiscard]] State initial_state(Config config);

// `now` is wall-clock time and is only ever compared with deadlines; it orders nothing (R3, R8).
[[nodiscard]] Step step(State state, EpochMs now, const Event& event);
// The same in place, for a hub that has only one state: moving it is a part of the module's size.
[[nodiscard]] Effects advance(State& state, EpochMs now, const Event& event);

// The first broken invariant, in words, or nothing. Tests call it after every step.
[[nodiscard]] std::optional<std::string_view> violated(const State& state);

}  // namespace lockstep
