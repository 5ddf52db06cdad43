// The simulator's only random numbers: xoshiro256** (Blackman and Vigna), seeded through SplitMix64. Integers only,
// so that a seed means the same run on every machine and with every library.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace lockstep::sim {

class Prng {
public:
    explicit Prng(std::uint64_t seed) {
        for (std::uint64_t& word : words_) {
            seed += 0x9e3779b97f4a7c15U;
            std::uint64_t mixed = seed;
            mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
            mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
            word = mixed ^ (mixed >> 31U);
        }
    }

    [[nodiscard]] std::uint64_t next() {
        const std::uint64_t drawn = std::rotl(words_[1] * 5, 7) * 9;
        const std::uint64_t shifted = words_[1] << 17U;
        words_[2] ^= words_[0];
        words_[3] ^= words_[1];
        words_[1] ^= words_[2];
        words_[0] ^= words_[3];
        words_[2] ^= shifted;
        words_[3] = std::rotl(words_[3], 45);
        return drawn;
    }

    // 0 … bound-1. The bias of the remainder is too small to matter here.
    [[nodiscard]] std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>((next() >> 32U) % bound);
    }
    [[nodiscard]] bool one_in(std::uint32_t n) { return below(n) == 0; }

private:
    std::array<std::uint64_t, 4> words_{};
};

}  // namespace lockstep::sim
