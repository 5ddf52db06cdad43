// Proves that the simulator finds a fault: runs seeds with one fault of tests/sim/faults in the hub until a checker
// complains, and fails when none does within the seeds that the fault file allows. With `none` no checker may complain:
// then the copies of the sources are what the hub has.
#include <algorithm>
#include <iostream>
#include <optional>
#include <string_view>

#include "faults.hpp"
#include "tests/sim/run.hpp"

namespace {

using namespace lockstep::sim;

constexpr std::uint64_t seeds_without_a_fault = 300;

[[nodiscard]] std::optional<std::uint64_t> first_seed_that_fails(std::uint64_t seeds_max) {
    for (std::uint64_t seed = 1; seed <= seeds_max; ++seed) {
        const Run run = run_seed(seed, ops_default);
        if (!run.violation) continue;
        std::cout << "seed " << seed << " of at most " << seeds_max << ": " << *run.violation << '\n';
        return seed;
    }
    std::cout << "no violation in " << seeds_max << " seeds\n";
    return std::nullopt;
}

}  // namespace

int main(int count, char** words) {
    const std::string_view name = count == 2 ? words[1] : "";
    if (name == "none") return first_seed_that_fails(seeds_without_a_fault) ? 1 : 0;
    const auto* entry =
        std::find_if(faults.begin(), faults.end(), [&](const FaultEntry& each) { return each.name == name; });
    if (entry == faults.end()) {
        std::cerr << "usage: sim_with_faults FAULT\n  FAULT  a file of tests/sim/faults without .fault, or none\n";
        return 2;
    }
    active_fault = entry->fault;
    return first_seed_that_fails(entry->seeds_max) ? 0 : 1;
}
