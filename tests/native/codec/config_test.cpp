// The built configuration, compared with the vectors: it is read completely, or refused with a sentence that begins
// with the place of the fault.
#include "wasm/codec/config.hpp"

#include <catch2/catch.hpp>

#include "tests/native/codec/vectors.hpp"
#include "wasm/codec/names.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep {
namespace {

using vectors::json;

json shown(const Config& config) {
    json apps = json::array();
    for (const App& app : config.apps) {
        json can = json::array();
        for (const Capability capability : codec::all_capabilities) {
            if (app.capabilities.has(capability)) can.push_back(codec::name_of(capability));
        }
        apps.push_back({{"origin", app.origin}, {"can", can}});
    }
    json session = json::object();
    if (config.times.idle_timeout_ms) session["idleTimeoutMs"] = *config.times.idle_timeout_ms;
    if (config.times.idle_warning_ms != 0) session["idleWarningMs"] = config.times.idle_warning_ms;
    if (config.times.lifetime_max_ms) session["maxLifetimeMs"] = *config.times.lifetime_max_ms;
    if (config.times.check_before_expiry_ms) session["checkBeforeExpiryMs"] = *config.times.check_before_expiry_ms;
    if (config.times.ends_with_browser) session["persistence"] = "browser";
    json plain = {{"hub", config.hub}, {"site", config.site}, {"apps", apps}, {"session", session}};
    if (!config.check_url.empty()) plain["check"] = {{"url", config.check_url}};
    if (!config.push_url.empty()) plain["push"] = {{"url", config.push_url}};
    if (!config.issuer.empty()) plain["issuer"] = config.issuer;
    return plain;
}

TEST_CASE("each member of an accepted configuration is read", "[codec][config]") {
    for (const json& vector : vectors::cases("config/accepted.json")) {
        INFO(vector.at("name"));
        const auto decoded = codec::decode_config(vectors::text_of(vector));
        if (const auto* wrong = std::get_if<std::string>(&decoded)) FAIL_CHECK(*wrong);
        if (const auto* config = std::get_if<Config>(&decoded)) CHECK(shown(*config) == vector.at("config"));
    }
}

TEST_CASE("the sentence for a refused configuration begins with the place of the fault", "[codec][config]") {
    for (const json& vector : vectors::cases("config/refused.json")) {
        INFO(vector.at("name"));
        const auto decoded = codec::decode_config(vectors::text_of(vector));
        const auto* sentence = std::get_if<std::string>(&decoded);
        REQUIRE(sentence != nullptr);
        CHECK_THAT(*sentence, Catch::StartsWith(vector.at("where").get<std::string>() + ": ") && Catch::EndsWith("."));
    }
}

TEST_CASE("K7.7: an app may have an origin of another scheme, and none that is opaque", "[codec][config][R11]") {
    for (const json& vector : vectors::cases("config/origins.json")) {
        INFO(vector.at("name"));
        const json text = {{"hub", "https://hub.acme.com/"},
                           {"site", "https://acme.com"},
                           {"apps", json::array({{{"origin", vectors::text_of(vector)}, {"can", {"read"}}}})}};
        CHECK(std::holds_alternative<Config>(codec::decode_config(text.dump())) == vector.at("accepted"));
    }
}

TEST_CASE("a hub has an http or https URL, and so has its site", "[codec][config]") {
    const auto fault = [](const std::string& hub, const std::string& site) {
        const json text = {{"hub", hub}, {"site", site}, {"apps", json::array()}};
        const auto decoded = codec::decode_config(text.dump());
        const auto* sentence = std::get_if<std::string>(&decoded);
        return sentence == nullptr ? "" : *sentence;
    };
    CHECK(fault("https://hub.acme.com/", "https://acme.com").empty());
    CHECK_THAT(fault("capacitor://localhost/", "https://acme.com"), Catch::StartsWith("hub: "));
    CHECK_THAT(fault("https://hub.acme.com/", "capacitor://localhost"), Catch::StartsWith("site: "));
}

std::string with_apps(std::size_t count) {
    std::string text = R"({"hub":"https://hub.acme.com/","site":"https://acme.com","apps":[)";
    for (std::size_t index = 0; index < count; ++index) {
        if (index > 0) text += ',';
        text += R"({"origin":"https://a)" + std::to_string(index) + R"(.acme.com","can":["read"]})";
    }
    return text + "]}";
}

TEST_CASE("the allow-list may hold as many apps as its bound, and none more", "[codec][config]") {
    CHECK(std::holds_alternative<Config>(codec::decode_config(with_apps(limits::apps_max))));
    const auto decoded = codec::decode_config(with_apps(limits::apps_max + 1));
    REQUIRE(std::holds_alternative<std::string>(decoded));
    CHECK_THAT(std::get<std::string>(decoded), Catch::StartsWith("apps: "));
}

TEST_CASE("a duplicate member is named as the fault at any depth", "[codec][config]") {
    const std::string twice = R"({"hub":"https://hub.acme.com/","site":"https://acme.com",)"
                              R"("apps":[{"origin":"https://a.acme.com","can":[],"can":[]}]})";
    const auto decoded = codec::decode_config(twice);
    REQUIRE(std::holds_alternative<std::string>(decoded));
    CHECK_THAT(std::get<std::string>(decoded), Catch::Contains("twice"));
}

TEST_CASE("a configuration cut at any byte is refused", "[codec][config]") {
    const std::string whole = with_apps(2);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        REQUIRE(std::holds_alternative<std::string>(codec::decode_config(std::string_view(whole).substr(0, size))));
    }
}

}  // namespace
}  // namespace lockstep
