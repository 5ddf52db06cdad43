// The messages of the hub, compared with the vectors: each is built from the core's types and must be encoded as the
// vector's text, byte for byte.
#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/native/codec/vectors.hpp"
#include "wasm/codec/names.hpp"
#include "wasm/codec/wire.hpp"

namespace lockstep {
namespace {

using vectors::json;

template <class Enum>
Enum named(const json& name) {
    const auto value = codec::named<Enum>(name.get<std::string>());
    REQUIRE(value);
    return *value;
}

std::optional<EpochMs> time_of(const json& object, const char* name) {
    return object.contains(name) ? std::optional(object.at(name).get<EpochMs>()) : std::nullopt;
}

std::optional<LogicalTimestamp> token_of(const json& message) {
    if (!message.contains("session")) return std::nullopt;
    const auto token = message.at("session").get<std::string>();
    const auto dot = token.find('.');
    return LogicalTimestamp{std::stoull(token.substr(0, dot)), token.substr(dot + 1)};
}

std::optional<LastEnd> last_end_of(const json& message) {
    if (!message.contains("lastEnd")) return std::nullopt;
    const auto token = message.at("lastEnd").get<std::string>();
    const auto dot = token.find('.');
    return LastEnd{std::stoull(token.substr(0, dot)), named<Medium>(token.substr(dot + 1))};
}

Snapshot snapshot_of(const json& message) {
    const json& given = message.at("snapshot");
    Snapshot snapshot;
    snapshot.status = named<Status>(given.at("status"));
    if (const auto reason = given.value("reason", "never"); reason != "never")
        snapshot.reason = named<EndReason>(reason);
    snapshot.ended_by = given.value("endedBy", "");
    snapshot.subject = given.value("subject", "");
    if (given.contains("sessionId")) snapshot.session_id = given.at("sessionId").get<std::string>();
    snapshot.signed_in_at = time_of(given, "signedInAt");
    snapshot.expires_at = time_of(given, "expiresAt");
    snapshot.idle_at = time_of(given, "idleAt");
    snapshot.idle_warning = given.value("idleWarning", false);
    snapshot.scope = named<Scope>(given.at("scope"));
    snapshot.medium = named<Medium>(given.at("medium"));
    snapshot.upgrade = named<Upgrade>(given.at("upgrade"));
    snapshot.session = token_of(message);
    snapshot.last_end = last_end_of(message);
    return snapshot;
}

SessionEvent session_event_of(const json& given) {
    const auto type = given.at("type").get<std::string>();
    const bool own = given.value("own", false);
    if (type == "login") return session_event::Login{own};
    if (type == "logout")
        return session_event::Logout{named<EndReason>(given.at("reason")), given.value("endedBy", ""), own};
    if (type == "user-change") return session_event::UserChange{given.at("from").get<std::string>(), own};
    if (type == "idle-warning") return session_event::IdleWarning{given.at("idleAt").get<EpochMs>()};
    if (type == "idle-resume") return session_event::IdleResume{};
    REQUIRE(type == "scope");
    return session_event::ScopeChange{named<Scope>(given.at("from")), named<Scope>(given.at("scope"))};
}

std::vector<SessionEvent> session_events_of(const json& message) {
    std::vector<SessionEvent> session_events;
    for (const json& given : message.at("events")) session_events.push_back(session_event_of(given));
    return session_events;
}

Code code_of(const json& message) { return named<Code>(message.at("error").at("code")); }

std::string encoded(const json& message, const std::string& claims) {
    const auto type = message.at("type").get<std::string>();
    if (type == "error-notice") return codec::encode_error_notice(code_of(message));
    if (type == "goodbye") return codec::encode_goodbye(code_of(message));
    if (type == "reply") {
        const auto id = message.at("id").get<RequestId>();
        const auto refused = message.contains("error") ? std::optional(code_of(message)) : std::nullopt;
        const auto outcome =
            message.contains("outcome") ? std::optional(named<Outcome>(message.at("outcome"))) : std::nullopt;
        return codec::encode_reply({1, id, refused, outcome});
    }
    if (type == "cancel") return codec::encode_cancel({1, message.at("call").get<CallId>()});
    if (type == "duty") {
        effect::CallDuty duty{1, message.at("call").get<CallId>(), {}, {}, {}};
        duty.duty = message.at("duty") == "check" ? DutyKind::check : DutyKind::end;
        if (duty.duty == DutyKind::check) duty.check_reason = named<CheckReason>(message.at("reason"));
        if (duty.duty == DutyKind::end) duty.end_reason = named<EndReason>(message.at("reason"));
        if (message.contains("sessionId")) duty.session_id = message.at("sessionId").get<std::string>();
        return codec::encode_duty(duty);
    }
    Snapshot snapshot = snapshot_of(message);
    snapshot.claims = claims;
    if (type == "changed") return codec::encode_changed({1, snapshot, session_events_of(message)});
    REQUIRE(type == "welcome");
    Capabilities capabilities;
    for (const json& name : message.at("capabilities"))
        capabilities.grant(codec::capability_named(name.get<std::string>()).value());
    return codec::encode_welcome({1, capabilities, snapshot, session_events_of(message)},
                                 message.at("hub").get<std::string>());
}

// As the text has them: a parsed document loses the order of their members, which is the app's.
std::string claims_in(const std::string& text) {
    const std::string_view name = "\"claims\":";
    const auto start = text.find(name);
    if (start == std::string::npos) return {};
    const auto end = text.find("},\"signedInAt\"", start);
    return text.substr(start + name.size(), end + 1 - start - name.size());
}

TEST_CASE("every message of the hub is written byte for byte as its vector", "[codec][wire]") {
    int written = 0;
    for (const json& vector : vectors::cases("wire/hub-to-app.json")) {
        INFO(vector.at("name"));
        const std::string text = vectors::text_of(vector);
        CHECK(json::parse(text) == vector.at("message"));
        if (vector.value("newer", false)) continue;
        CHECK(encoded(vector.at("message"), claims_in(text)) == text);
        ++written;
    }
    CHECK(written >= 30);
}

TEST_CASE("a snapshot with every member keeps the order of the protocol", "[codec][wire]") {
    Snapshot every;
    every.reason = EndReason::idle;
    every.ended_by = every.subject = "x";
    every.session_id = "x";
    every.claims = "{}";
    every.signed_in_at = every.expires_at = every.idle_at = 1;
    CHECK(
        codec::encode_changed({1, every, {}}) ==
        R"({"type":"changed","snapshot":{"status":"signed-out","reason":"idle","endedBy":"x",)"
        R"("subject":"x","sessionId":"x","claims":{},)"
        R"("signedInAt":1,"expiresAt":1,"idleAt":1,"scope":"alone","medium":"memory","upgrade":"none"},"events":[]})");
}

TEST_CASE("every code has its own name and a sentence that says what to do", "[codec][wire]") {
    std::vector<std::string_view> names;
    for (int value = 0; value <= static_cast<int>(Code::replaced); ++value) {
        const auto code = static_cast<Code>(value);
        INFO(value);
        REQUIRE_FALSE(codec::name_of(code).empty());
        CHECK(codec::named<Code>(codec::name_of(code)) == code);
        CHECK(codec::message_of(code).size() > 40);
        CHECK(codec::message_of(code).ends_with('.'));
        CHECK(std::count(names.begin(), names.end(), codec::name_of(code)) == 0);
        names.push_back(codec::name_of(code));
    }
}

TEST_CASE("names are read as they are written, and no other", "[codec]") {
    CHECK(codec::named<EndReason>("idle") == EndReason::idle);
    CHECK(codec::named<EndReason>("never") == std::nullopt);
    CHECK(codec::named<EndReason>("") == std::nullopt);
    CHECK(codec::named<Scope>("Shared") == std::nullopt);
    CHECK(codec::capability_named("activity") == Capability::activity);
    CHECK(codec::capability_named("write") == std::nullopt);
}

}  // namespace
}  // namespace lockstep
