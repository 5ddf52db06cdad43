// What all tabs of a run share: the machine's clocks, the count of steps, the story for whoever reads a failure, and
// the first promise that was broken.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

#include "tests/sim/reference_model.hpp"

namespace lockstep::sim {

inline constexpr EpochMs wall_at_start = 1'700'000'000'000;

struct Machine {
    EpochMs wall_ms = wall_at_start;  // what Date.now() says; it can be set
    EpochMs true_ms = 0;              // what timers count
    std::uint64_t steps = 0;          // steps of hubs' cores
    std::ostream* story = nullptr;
    Violation violation;

    void complain(const Violation& broken) {
        if (!broken || violation) return;
        violation = broken;
        if (story != nullptr) *story << "  !! " << *broken << '\n';
    }
};

}  // namespace lockstep::sim
