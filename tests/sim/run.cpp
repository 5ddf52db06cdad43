#include "tests/sim/run.hpp"

#include "tests/sim/keys.hpp"
#include "tests/sim/world.hpp"

namespace lockstep::sim {
namespace {

// An op that cannot happen is drawn again, so that a run has its full length.
constexpr int draws_max = 64;

[[nodiscard]] Op draw_op(const FaultMix& fault_mix, Prng& prng) {
    const Kind kind = draw_kind(fault_mix, prng);
    const std::uint32_t slot = prng.below(fault_mix.slots);
    return {kind, slot, prng.next()};
}

}  // namespace

Run run_seed(std::uint64_t seed, std::uint32_t ops) {
    Prng prng(seed);
    Run run;
    run.fault_mix = draw_fault_mix(prng);
    World world(run.fault_mix, nullptr);
    while (run.schedule.size() < ops && !world.violation()) {
        int draws = 0;
        Op op = draw_op(run.fault_mix, prng);
        while (!world.perform(op) && ++draws < draws_max) op = draw_op(run.fault_mix, prng);
        run.schedule.push_back(op);
    }
    if (!world.violation()) world.liveness();
    run.violation = world.violation();
    run.steps = world.steps();
    if (run.violation) return run;
    run.violation = run_keys(seed, nullptr);
    run.is_of_keys = run.violation.has_value();
    return run;
}

Replay replayed(const FaultMix& fault_mix, const Schedule& schedule, std::ostream* trace) {
    World world(fault_mix, trace);
    for (const Op& op : schedule) {
        if (world.violation()) break;
        static_cast<void>(world.perform(op));
    }
    if (!world.violation()) world.liveness();
    return {world.violation(), world.steps()};
}

Schedule minimised(const Run& run) {
    Schedule schedule = run.schedule;
    bool shorter = true;
    while (shorter) {
        shorter = false;
        for (std::size_t length = (schedule.size() + 1) / 2; length > 0; length /= 2) {
            for (std::size_t end = schedule.size(); end > 0;) {
                const std::size_t begin = end > length ? end - length : 0;
                Schedule without(schedule.begin(), schedule.begin() + static_cast<std::ptrdiff_t>(begin));
                without.insert(without.end(), schedule.begin() + static_cast<std::ptrdiff_t>(end), schedule.end());
                if (replayed(run.fault_mix, without, nullptr).violation == run.violation) {
                    schedule = std::move(without);
                    shorter = true;
                }
                end = begin;
            }
        }
    }
    return schedule;
}

}  // namespace lockstep::sim
