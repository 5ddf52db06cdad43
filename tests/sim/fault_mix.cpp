#include "tests/sim/fault_mix.hpp"

namespace lockstep::sim {
namespace {

constexpr std::size_t at(Kind kind) { return static_cast<std::size_t>(kind); }

}  // namespace

FaultMix draw_fault_mix(Prng& prng) {
    FaultMix fault_mix;
    fault_mix.engine = static_cast<Engine>(prng.below(static_cast<std::uint32_t>(Engine::count)));
    fault_mix.times = static_cast<Times>(prng.below(static_cast<std::uint32_t>(Times::count)));
    fault_mix.slots = 2 + prng.below(slots_max - 1);
    fault_mix.tabs_a_process = 1 + prng.below(2);
    fault_mix.newer_in = prng.one_in(3) ? 2 : 0;
    fault_mix.checking = static_cast<Checking>(prng.below(static_cast<std::uint32_t>(Checking::count)));
    fault_mix.provider = static_cast<Health>(prng.below(static_cast<std::uint32_t>(Health::count)));
    fault_mix.has_locks = !prng.one_in(3);
    for (std::size_t kind = 0; kind < kind_count; ++kind) {
        constexpr std::array<std::uint32_t, 4> paces{1, 2, 4, 8};
        constexpr std::array<std::uint32_t, 8> swarm{0, 0, 0, 0, 0, 1, 1, 4};
        const Properties& properties = properties_of(static_cast<Kind>(kind));
        fault_mix.weights[kind] =
            properties.weight * (properties.is_fault ? swarm[prng.below(8)] : paces[prng.below(4)]);
    }
    fault_mix.has_push = prng.one_in(2);
    fault_mix.has_guests = fault_mix.weights[at(Kind::grant)] > 0;
    // The other engines apply a change before they send its event.
    if (fault_mix.engine != Engine::webkit) fault_mix.weights[at(Kind::flicker)] = 0;
    for (const std::uint32_t weight : fault_mix.weights) fault_mix.weight_total += weight;
    fault_mix.ends_with_browser = prng.one_in(4);
    fault_mix.has_withheld = fault_mix.engine == Engine::chromium && prng.one_in(3);
    return fault_mix;
}

Kind draw_kind(const FaultMix& fault_mix, Prng& prng) {
    std::uint32_t left = prng.below(fault_mix.weight_total);
    std::size_t kind = 0;
    while (left >= fault_mix.weights[kind]) left -= fault_mix.weights[kind++];
    return static_cast<Kind>(kind);
}

}  // namespace lockstep::sim
