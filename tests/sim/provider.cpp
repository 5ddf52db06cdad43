#include "tests/sim/provider.hpp"

#include <algorithm>
#include <array>

namespace lockstep::sim {

void Provider::revoke(const LogicalTimestamp& session) {
    if (!has_revoked(session)) revoked_.push_back(session);
}

bool Provider::has_revoked(const LogicalTimestamp& session) const {
    return has_ended_all_ || std::find(revoked_.begin(), revoked_.end(), session) != revoked_.end();
}

bool Provider::fails(Prng& chance) const {
    if (healed_ || health_ == Health::healthy) return false;
    return health_ == Health::down || chance.one_in(3);
}

ProviderAnswer Provider::answer(DutyKind duty, const std::optional<LogicalTimestamp>& session, Prng& chance,
                                EpochMs now) const {
    if (fails(chance)) return {Outcome::unknown, std::nullopt, {}};
    if (duty == DutyKind::end) return {Outcome::done, std::nullopt, {}};
    if (session && has_revoked(*session)) return {Outcome::inactive, std::nullopt, {}};
    ProviderAnswer answer{Outcome::active, std::nullopt, {}};
    if (healed_) return answer;
    // A later time, none, or a time in the past by this clock.
    constexpr std::array<EpochMs, 6> lives{-5'000, 1'000, 40'000, 120'000, 600'000, 3'600'000};
    if (!chance.one_in(3)) answer.expires_at = now + lives[chance.below(6)];
    if (chance.one_in(3)) answer.claims = R"({"name":"Ada","checked":)" + std::to_string(chance.below(4)) + "}";
    return answer;
}

}  // namespace lockstep::sim
