// The identity provider: it knows which sessions it has revoked, and is as dependable as the fault_mix. To the apps and
// to the hubs' own checks it says yes or no, or nothing that helps; whether it is asked too often, and what becomes of
// its answer, is the checkers' to say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/prng.hpp"
#include "wasm/core/effect.hpp"

namespace lockstep::sim {

enum class Mood : std::uint8_t { healthy, flaky, down, count };

struct ProviderAnswer {
    Outcome outcome{};
    std::optional<EpochMs> expires_at;
    std::string claims;
};

class Provider {
public:
    explicit Provider(Mood mood) : mood_(mood) {}

    void revoke(const LogicalTimestamp& session);
    [[nodiscard]] bool has_revoked(const LogicalTimestamp& session) const;
    [[nodiscard]] ProviderAnswer answer(DutyKind duty, const std::optional<LogicalTimestamp>& session, Prng& chance,
                                        EpochMs now) const;
    // When the faults are over: every answer is the truth, and a session is prolonged no more.
    void heal() { healed_ = true; }

private:
    [[nodiscard]] bool fails(Prng& chance) const;

    Mood mood_;
    bool healed_ = false;
    std::vector<LogicalTimestamp> revoked_;
};

}  // namespace lockstep::sim
