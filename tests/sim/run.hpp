// One run: from a seed, or from a schedule that was recorded. The same seed gives the same run, and the schedule of a run, replayed
// in the same weather, gives the same run again.
#pragma once

#include <cstdint>
#include <ostream>

#include "tests/sim/schedule.hpp"
#include "tests/sim/weather.hpp"
#include "tests/sim/witness.hpp"

namespace lockstep::sim {

struct Run {
    Weather weather;
    Schedule schedule;  // up to the first broken promise
    Violation violation;
    std::uint64_t steps = 0;
};

[[nodiscard]] Run run_seed(std::uint64_t seed, std::uint32_t ops);

struct Replay {
    Violation violation;
    std::uint64_t steps = 0;
};
// `story` may be null.
[[nodiscard]] Replay replayed(const Weather& weather, const Schedule& schedule, std::ostream* story);

// A schedule as short as can be found by leaving ops out, which breaks the same promise.
[[nodiscard]] Schedule minimised(const Run& run);

}  // namespace lockstep::sim
