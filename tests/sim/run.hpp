// One run, from a seed or from a recorded schedule. The same seed gives the same run, and so does a schedule in the
// same fault mix.
#pragma once

#include <cstdint>
#include <ostream>

#include "tests/sim/fault_mix.hpp"
#include "tests/sim/reference_model.hpp"
#include "tests/sim/schedule.hpp"

namespace lockstep::sim {

struct Run {
    FaultMix fault_mix;
    Schedule schedule;  // up to the first violation
    Violation violation;
    bool is_of_keys = false;  // the violation: keys.hpp has it, and not the schedule
    std::uint64_t steps = 0;
};

inline constexpr std::uint32_t ops_default = 400;
[[nodiscard]] Run run_seed(std::uint64_t seed, std::uint32_t ops);

struct Replay {
    Violation violation;
    std::uint64_t steps = 0;
};
// `trace` may be null.
[[nodiscard]] Replay replayed(const FaultMix& fault_mix, const Schedule& schedule, std::ostream* trace);

// A shorter schedule with the same violation, found by leaving ops out.
[[nodiscard]] Schedule minimised(const Run& run);

}  // namespace lockstep::sim
