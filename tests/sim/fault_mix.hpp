// The fault mix of one run: which browser, how many tabs, how fast events arrive, which faults happen and how often.
// Each run draws a few faults, some of them frequent (swarm testing): all at once would hide each other.
#pragma once

#include <array>
#include <cstdint>

#include "tests/sim/apps.hpp"
#include "tests/sim/prng.hpp"
#include "tests/sim/provider.hpp"
#include "tests/sim/schedule.hpp"

namespace lockstep::sim {

// The engines differ in whether a page gets the events that it missed in the back-forward cache, and in how they
// partition storage.
enum class Engine : std::uint8_t { chromium, firefox, webkit, count };

inline constexpr std::uint32_t slots_max = 6;

struct FaultMix {
    Engine engine{};
    Times times{};
    Checking checking{};
    Health provider{};
    bool has_locks = true;             // plain http has none
    std::uint32_t slots = 2;           // tabs at most, at the same time
    std::uint32_t tabs_a_process = 1;  // tabs of one site may share a process, and so a view of the store
    std::uint32_t newer_in = 0;        // one of so many hubs is of a later release; 0: none
    bool has_guests = false;           // pages of another site, which may get the first-party store
    bool has_withheld = false;         // frames to which a browser with handles gives none
    bool ends_with_browser = false;    // a session is kept until the browser is closed
    bool has_push = false;             // a server says when a session has ended
    bool has_forgers = false;          // texts come that no app and no hub wrote: see Machine
    std::array<std::uint32_t, kind_count> weights{};
    std::uint32_t weight_total = 0;
};

[[nodiscard]] FaultMix draw_fault_mix(Prng& prng);
[[nodiscard]] Kind draw_kind(const FaultMix& fault_mix, Prng& prng);

}  // namespace lockstep::sim
