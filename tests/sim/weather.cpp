#include "tests/sim/weather.hpp"

namespace lockstep::sim {
namespace {

// In the order of Kind: how often each happens in fair weather, relative to the others.
constexpr std::array<std::uint32_t, kind_count> fair{
    30, 6, 40, 30, 40, 6, 8, 4, 2, 3, 1, 2,      // the user and the apps
    160, 200, 200, 40, 60, 30, 15, 60,           // the browser at work
    4, 3, 8, 16, 8, 16, 12, 12, 8, 4, 8, 6, 8,   // what goes wrong
    20, 8, 10, 8, 4, 3, 4, 4,
};

constexpr std::size_t at(Kind kind) { return static_cast<std::size_t>(kind); }

// What belongs to a fault is there when the fault is, so that what went wrong also mends.
void pair(Weather& weather, Kind fault, Kind mend) {
    weather.weights[at(mend)] = weather.weights[at(fault)] == 0 ? 0 : fair[at(mend)];
}

}  // namespace

Weather draw_weather(Prng& prng) {
    Weather weather;
    weather.engine = static_cast<Engine>(prng.below(static_cast<std::uint32_t>(Engine::count)));
    weather.times = static_cast<Times>(prng.below(static_cast<std::uint32_t>(Times::count)));
    weather.slots = 2 + prng.below(slots_max - 1);
    weather.tabs_a_process = 1 + prng.below(2);
    weather.newer_in = prng.one_in(3) ? 2 : 0;
    for (std::size_t kind = 0; kind < kind_count; ++kind) {
        constexpr std::array<std::uint32_t, 4> paces{1, 2, 4, 8};
        constexpr std::array<std::uint32_t, 8> swarm{0, 0, 0, 0, 0, 1, 1, 4};
        const bool is_fault = kind >= at(first_fault);
        weather.weights[kind] = fair[kind] * (is_fault ? swarm[prng.below(8)] : paces[prng.below(4)]);
    }
    pair(weather, Kind::freeze, Kind::thaw);
    pair(weather, Kind::cache, Kind::restore);
    pair(weather, Kind::late_keep, Kind::late_put);
    // The other engines apply a change before they tell of it.
    if (weather.engine != Engine::webkit) weather.weights[at(Kind::flicker)] = 0;
    for (const std::uint32_t weight : weather.weights) weather.weight_total += weight;
    return weather;
}

Kind draw_kind(const Weather& weather, Prng& prng) {
    std::uint32_t left = prng.below(weather.weight_total);
    std::size_t kind = 0;
    while (left >= weather.weights[kind]) left -= weather.weights[kind++];
    return static_cast<Kind>(kind);
}

}  // namespace lockstep::sim
