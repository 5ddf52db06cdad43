#include "tests/sim/weather.hpp"

namespace lockstep::sim {
namespace {

constexpr std::size_t at(Kind kind) { return static_cast<std::size_t>(kind); }

}  // namespace

Weather draw_weather(Prng& prng) {
    Weather weather;
    weather.engine = static_cast<Engine>(prng.below(static_cast<std::uint32_t>(Engine::count)));
    weather.times = static_cast<Times>(prng.below(static_cast<std::uint32_t>(Times::count)));
    weather.slots = 2 + prng.below(slots_max - 1);
    weather.tabs_a_process = 1 + prng.below(2);
    weather.newer_in = prng.one_in(3) ? 2 : 0;
    weather.checking = static_cast<Checking>(prng.below(static_cast<std::uint32_t>(Checking::count)));
    weather.provider = static_cast<Mood>(prng.below(static_cast<std::uint32_t>(Mood::count)));
    weather.has_locks = !prng.one_in(3);
    weather.patient_in = prng.one_in(2) ? 1 + prng.below(4) : 0;
    for (std::size_t kind = 0; kind < kind_count; ++kind) {
        constexpr std::array<std::uint32_t, 4> paces{1, 2, 4, 8};
        constexpr std::array<std::uint32_t, 8> swarm{0, 0, 0, 0, 0, 1, 1, 4};
        const Nature& nature = nature_of(static_cast<Kind>(kind));
        weather.weights[kind] = nature.weight * (nature.is_fault ? swarm[prng.below(8)] : paces[prng.below(4)]);
    }
    weather.has_guests = weather.weights[at(Kind::grant)] > 0;
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
