// What apps send, against the vectors: every text is understood exactly so, or refused with exactly that code.
#include <catch2/catch.hpp>

#include "tests/native/codec/vectors.hpp"
#include "wasm/codec/names.hpp"
#include "wasm/codec/wire.hpp"
#include "wasm/core/limits.hpp"
#include "wasm/core/match.hpp"

namespace lockstep {
namespace {

using vectors::json;

constexpr PortId port = 7;

json shown(const LogicalTimestamp& timestamp) {
    return {{"revision", timestamp.revision}, {"writer", timestamp.writer}};
}

json shown(const codec::Hello& hello) {
    json out = {{"event", "hello"}, {"client", hello.client}};
    if (hello.last) {
        out["last"] = {{"subject", hello.last->subject}};
        if (hello.last->session) out["last"]["session"] = shown(*hello.last->session);
    }
    return out;
}

json shown(const event::LoginReceived& login) {
    json out = {{"event", "login"}, {"id", login.id}, {"subject", login.subject}};
    if (login.session_id) out["sessionId"] = *login.session_id;
    if (login.expires_at) out["expiresAt"] = *login.expires_at;
    if (!login.claims.empty()) out["claims"] = login.claims;
    CHECK(login.port == port);
    return out;
}

json shown(const event::LogoutReceived& logout) {
    json out = {{"event", "logout"}, {"id", logout.id}};
    if (logout.session) out["session"] = shown(*logout.session);
    CHECK(logout.port == port);
    return out;
}

json shown(const event::OutcomeReceived& received) {
    json out = {{"event", "outcome"}, {"call", received.call}, {"outcome", codec::name_of(received.outcome)}};
    if (received.expires_at) out["expiresAt"] = *received.expires_at;
    if (!received.claims.empty()) out["claims"] = received.claims;
    if (received.refused) out["refused"] = codec::name_of(*received.refused);
    CHECK(received.port == port);
    return out;
}

json shown(const event::DutiesReceived& duties) {
    json can = json::array();
    if (duties.check) can.push_back("check");
    if (duties.end) can.push_back("end");
    CHECK(duties.port == port);
    return {{"event", "duties"}, {"can", can}};
}

json bare(const char* name, PortId from) {
    CHECK(from == port);
    return {{"event", name}};
}

json shown(const Event& event) {
    if (const auto* login = std::get_if<event::LoginReceived>(&event)) return shown(*login);
    if (const auto* logout = std::get_if<event::LogoutReceived>(&event)) return shown(*logout);
    if (const auto* outcome = std::get_if<event::OutcomeReceived>(&event)) return shown(*outcome);
    if (const auto* duties = std::get_if<event::DutiesReceived>(&event)) return shown(*duties);
    if (const auto* check = std::get_if<event::CheckReceived>(&event)) return {{"event", "check"}, {"id", check->id}};
    if (const auto* allows = std::get_if<event::AllowsReceived>(&event)) {
        return {{"event", "allows"}, {"id", allows->id}, {"origin", allows->origin}};
    }
    if (const auto* scope = std::get_if<event::ScopeRequested>(&event)) {
        return {{"event", "scope"}, {"id", scope->id}, {"label", scope->label}, {"style", scope->style}};
    }
    if (const auto* touch = std::get_if<event::TouchReceived>(&event)) return bare("touch", touch->port);
    if (const auto* wake = std::get_if<event::WakeReceived>(&event)) return bare("wake", wake->port);
    if (const auto* goodbye = std::get_if<event::GoodbyeReceived>(&event)) return bare("goodbye", goodbye->port);
    return "an event no message stands for";
}

// The outcome in the words of a vector.
template <class Good>
json outcome(const std::variant<Good, codec::Refusal>& decoded) {
    return match(
        decoded,
        [](const Good& good) -> json {
            return {{"decoded", shown(good)}};
        },
        [](const codec::Refusal& refusal) -> json {
            json out = {{"decoded", nullptr}, {"refused", codec::name_of(refusal.code)}};
            if (refusal.id != 0) out["id"] = refusal.id;
            return out;
        });
}

json outcome_of(const json& vector) {
    const std::string text = vectors::text_of(vector);
    return vector.value("hello", false) ? outcome(codec::decode_hello(text))
                                        : outcome(codec::decode_message(text, port));
}

TEST_CASE("every vector from an app is understood or refused exactly as it says", "[codec][wire][R11][R13]") {
    for (const json& vector : vectors::cases("wire/app-to-hub.json")) {
        INFO(vector.at("name"));
        json expected = {{"decoded", vector.at("decoded")}};
        for (const char* member : {"refused", "id"}) {
            if (vector.contains(member)) expected[member] = vector.at(member);
        }
        CHECK(outcome_of(vector) == expected);
    }
}

TEST_CASE("what our own client writes is always understood", "[codec][wire]") {
    int written = 0;
    for (const json& vector : vectors::cases("wire/app-to-hub.json")) {
        if (!vector.value("client", false)) continue;
        INFO(vector.at("name"));
        CHECK_FALSE(outcome_of(vector).at("decoded").is_null());
        ++written;
    }
    CHECK(written >= 20);
}

TEST_CASE("the claims of our own client are kept byte for byte", "[codec][wire]") {
    for (const json& vector : vectors::cases("wire/app-to-hub.json")) {
        if (!vector.value("client", false) || !vector.at("decoded").contains("claims")) continue;
        INFO(vector.at("name"));
        const auto claims = vector.at("decoded").at("claims").get<std::string>();
        CHECK(vectors::text_of(vector).find("\"claims\":" + claims + "}") != std::string::npos);
    }
}

TEST_CASE("a message cut at any byte is refused as malformed", "[codec][wire]") {
    for (const json& vector : vectors::cases("wire/app-to-hub.json")) {
        if (!vector.value("client", false)) continue;
        INFO(vector.at("name"));
        const std::string whole = vectors::text_of(vector);
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const std::string_view cut = std::string_view(whole).substr(0, size);
            const json result = vector.value("hello", false) ? outcome(codec::decode_hello(cut))
                                                             : outcome(codec::decode_message(cut, port));
            REQUIRE(result.value("refused", "") == "malformed");
        }
    }
}

TEST_CASE("a message with any one byte replaced gives an event or a refusal, never a crash", "[codec][wire]") {
    const std::string good =
        R"({"type":"login","id":1,"subject":"u-42","sessionId":"s","expiresAt":17640,"claims":{"n":[1.5,"\u00e9"]}})";
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            std::string text = good;
            text[at] = static_cast<char>(byte);
            const auto decoded = codec::decode_message(text, port);
            const auto* login = std::get_if<event::LoginReceived>(std::get_if<Event>(&decoded));
            const auto* refusal = std::get_if<codec::Refusal>(&decoded);
            REQUIRE((login != nullptr || refusal != nullptr));
        }
    }
}

TEST_CASE("an id written before the fault is still answered", "[codec][wire]") {
    const auto decoded = codec::decode_message(R"({"type":"login","id":9,"subject":"u","claims":{"a":)", port);
    CHECK(std::get<codec::Refusal>(decoded) == codec::Refusal{Code::malformed, 9});
}

TEST_CASE("the port of an event is the port it came over, whatever the text says", "[codec][wire][R11]") {
    const auto decoded = codec::decode_message(R"({"type":"touch"})", 12);
    CHECK(std::get<event::TouchReceived>(std::get<Event>(decoded)).port == 12);
    CHECK(std::holds_alternative<codec::Refusal>(codec::decode_message(R"({"type":"touch","port":3})", 12)));
}

}  // namespace
}  // namespace lockstep
