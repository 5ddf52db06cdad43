// One run: from a seed, or from a schedule that was recorded. The same seed gives the same run, and the schedule of a
// run, replayed in the same fault_mix, gives the same run again.
#pragma once

#include <cstdint>
#include <ostream>

#include "tests/sim/fault_mix.hpp"
#include "tests/sim/reference_model.hpp"
#include "tests/sim/schedule.hpp"

namespace lockstep::sim {

struct Run {
    FaultMix fault_mix;
    Schedule schedule;  // up to the first broken promise
    Violation violation;
    std::uint64_t steps = 0;
};

inline constexpr std::uint32_t ops_default = 400;
[[nodiscard]] Run run_seed(std::uint64_t seed, std::uint32_t ops);

struct Replay {
    Violation violation;
    std::uint64_t steps = 0;
};
// `story` may be null.
[[nodiscard]] Replay replayed(const FaultMix& fault_mix, const Schedule& schedule, std::ostream* story);

// A schedule as short as can be found by leaving ops out, which breaks the same promise.
[[nodiscard]] Schedule minimised(const Run& run);

}  // namespace lockstep::sim
