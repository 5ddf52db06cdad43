// What all tabs of a run share: the clocks, the number of steps, the trace for the reader of a failure, and the first
// violation.
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
    std::ostream* trace = nullptr;
    Violation violation;
    // The reference model cannot follow what a forged text may mean. The invariants hold whatever comes.
    bool checks_invariants_only = false;

    void report(const Violation& broken) {
        if (!checks_invariants_only) report_invariant(broken);
    }
    void report_invariant(const Violation& broken) {
        if (!broken || violation) return;
        violation = broken;
        if (trace != nullptr) *trace << "  !! " << *broken << '\n';
    }
};

}  // namespace lockstep::sim
