// The identity provider: it knows which sessions it has revoked, and is healthy, flaky or down as the fault mix says.
// It answers apps and the hubs' own checks with active, inactive or a failure. The checkers decide whether it is asked
// too often, and what may follow from its answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/prng.hpp"
#include "wasm/core/effect.hpp"

namespace lockstep::sim {

enum class Health : std::uint8_t { healthy, flaky, down, count };

struct ProviderAnswer {
    Outcome outcome{};
    std::optional<EpochMs> expires_at;
    std::string claims;
};

class Provider {
public:
    explicit Provider(Health health) : health_(health) {}

    void revoke(const LogicalTimestamp& session);
    [[nodiscard]] bool has_revoked(const LogicalTimestamp& session) const;
    [[nodiscard]] ProviderAnswer answer(DutyKind duty, const std::optional<LogicalTimestamp>& session, Prng& chance,
                                        EpochMs now) const;
    // Push: its word on a stream that is asked for, or nothing where it fails.
    [[nodiscard]] bool opens_stream(Prng& chance) const { return !fails(chance); }
    // For the liveness phase: every answer is correct, and sessions get no later expiry.
    void heal() { healed_ = true; }
    // Its own sessions have a longest life, too.
    void end_all() { has_ended_all_ = true; }

private:
    [[nodiscard]] bool fails(Prng& chance) const;

    Health health_;
    bool healed_ = false;
    bool has_ended_all_ = false;
    std::vector<LogicalTimestamp> revoked_;
};

}  // namespace lockstep::sim
