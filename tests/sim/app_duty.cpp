// An app's messages about duties (PROTOCOL §2), and the responses of `check.url` (§5).
#include "tests/sim/app.hpp"
#include "wasm/codec/names.hpp"

namespace lockstep::sim {
namespace {

[[nodiscard]] std::string members_of(const ProviderAnswer& answer) {
    std::string text;
    if (answer.expires_at) text += R"(,"expiresAt":)" + std::to_string(*answer.expires_at);
    if (!answer.claims.empty()) text += R"(,"claims":)" + answer.claims;
    return text;
}

[[nodiscard]] OutcomeText text_of(const GivenDuty& given, const ProviderAnswer& answer) {
    const std::string name(codec::name_of(answer.outcome));
    return {R"({"type":"outcome","call":)" + std::to_string(given.call) + R"(,"outcome":")" + name + "\"" +
                members_of(answer) + "}",
            answer.outcome};
}

}  // namespace

std::string duties_text(const Abilities& abilities) {
    const std::string both = abilities.check && abilities.end ? "," : "";
    return R"({"type":"duties","can":[)" + std::string(abilities.check ? R"("check")" : "") + both +
           (abilities.end ? R"("end")" : "") + "]}";
}

std::string check_text(App& app) {
    const std::uint32_t id = ++app.id_last;
    app.pending.push_back(id);
    return R"({"type":"check","id":)" + std::to_string(id) + "}";
}

OutcomeText outcome_text(const GivenDuty& given, const Provider& provider, Prng& chance, EpochMs now) {
    if (chance.one_in(12))
        return {R"({"type":"outcome","call":)" + std::to_string(given.call) + R"(,"outcome":"perhaps"})", std::nullopt};
    if (chance.one_in(24)) {
        const std::string secret = R"({"refresh_token":")" + std::string(secret_marker) + "\"}";
        return {R"({"type":"outcome","call":)" + std::to_string(given.call) + R"(,"outcome":"active","claims":)" +
                    secret + "}",
                std::nullopt};
    }
    // An app that confuses the two duties.
    const DutyKind other = given.duty == DutyKind::check ? DutyKind::end : DutyKind::check;
    if (chance.one_in(16)) return text_of(given, provider.answer(other, std::nullopt, chance, now));
    return true_outcome_text(given, provider, chance, now);
}

OutcomeText true_outcome_text(const GivenDuty& given, const Provider& provider, Prng& chance, EpochMs now) {
    return text_of(given, provider.answer(given.duty, given.session, chance, now));
}

FetchedText fetched_text(const ProviderAnswer& answer, Prng& chance) {
    if (answer.outcome != Outcome::active && answer.outcome != Outcome::inactive) {
        return {chance.one_in(2) ? std::nullopt : std::optional<std::string>("<html>Bad gateway</html>"),
                Outcome::unknown};
    }
    const bool is_active = answer.outcome == Outcome::active;
    return {R"({"active":)" + std::string(is_active ? "true" : "false") + members_of(answer) + "}", answer.outcome};
}

}  // namespace lockstep::sim
