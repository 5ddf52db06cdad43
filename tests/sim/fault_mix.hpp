// The fault_mix of one run: which browser, how many tabs, how fast things travel, which faults happen and how often.
// Faults are swarmed: each run draws its own few, some of them heavy, since all of them at once would hide each other.
#pragma once

#include <array>
#include <cstdint>

#include "tests/sim/apps.hpp"
#include "tests/sim/prng.hpp"
#include "tests/sim/provider.hpp"
#include "tests/sim/schedule.hpp"

namespace lockstep::sim {

// How the storage of the engines differs: whether a page in the back-forward cache is told on its return of what it
// missed, and along which lines storage is split.
enum class Engine : std::uint8_t { chromium, firefox, webkit, count };

inline constexpr std::uint32_t slots_max = 6;

struct FaultMix {
    Engine engine{};
    Times times{};
    Checking checking{};
    Mood provider{};
    bool has_locks = true;         // plain http has none
    std::uint32_t patient_in = 0;  // one in so many writes is heard by the others before what follows from it; 0: none
    std::uint32_t slots = 2;       // tabs at most, at a time
    std::uint32_t tabs_a_process = 1;  // tabs of one site may share a process, and so a view of the store
    std::uint32_t newer_in = 0;        // one in so many hubs is of a later release; 0: none
    bool has_guests = false;           // pages of another site, which may be given the first party's store
    std::array<std::uint32_t, kind_count> weights{};
    std::uint32_t weight_total = 0;
};

[[nodiscard]] FaultMix draw_fault_mix(Prng& prng);
[[nodiscard]] Kind draw_kind(const FaultMix& fault_mix, Prng& prng);

}  // namespace lockstep::sim
