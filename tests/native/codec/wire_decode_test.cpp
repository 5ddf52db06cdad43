// The messages of apps, compared with the vectors: each text is decoded to exactly that event, or refused with exactly
// that code.
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

// Each event in the words of a vector. The bindings name every member, so that a new one does not compile before it is
// compared here.
json shown(const LogicalTimestamp& timestamp) {
    const auto& [revision, writer] = timestamp;
    return {{"revision", revision}, {"writer", writer}};
}

json shown(const codec::Hello& hello) {
    const auto& [client, last] = hello;
    json out = {{"event", "hello"}, {"client", client}};
    if (last) {
        const auto& [session, subject] = *last;
        out["last"] = {{"subject", subject}};
        if (session) out["last"]["session"] = shown(*session);
    }
    return out;
}

json shown(const event::LoginReceived& login) {
    const auto& [from, id, subject, session_id, expires_at, claims, last_end] = login;
    CHECK(from == port);
    json out = {{"event", "login"}, {"id", id}, {"subject", subject}};
    if (session_id) out["sessionId"] = *session_id;
    if (expires_at) out["expiresAt"] = *expires_at;
    if (!claims.empty()) out["claims"] = claims;
    if (last_end) out["lastEnd"] = {last_end->revision, codec::name_of(last_end->medium)};
    return out;
}

json shown(const event::LogoutReceived& logout) {
    const auto& [from, id, session] = logout;
    CHECK(from == port);
    json out = {{"event", "logout"}, {"id", id}};
    if (session) out["session"] = shown(*session);
    return out;
}

json shown(const event::OutcomeReceived& received) {
    const auto& [from, call, outcome, expires_at, claims, refused] = received;
    CHECK(from == port);
    json out = {{"event", "outcome"}, {"call", call}, {"outcome", codec::name_of(outcome)}};
    if (expires_at) out["expiresAt"] = *expires_at;
    if (!claims.empty()) out["claims"] = claims;
    if (refused) out["refused"] = codec::name_of(*refused);
    return out;
}

json shown(const event::DutiesReceived& duties) {
    const auto& [from, check, end] = duties;
    CHECK(from == port);
    json can = json::array();
    if (check) can.push_back("check");
    if (end) can.push_back("end");
    return {{"event", "duties"}, {"can", can}};
}

template <class Received>
json bare_request(const char* name, const Received& received) {
    const auto& [from, id] = received;
    CHECK(from == port);
    return {{"event", name}, {"id", id}};
}

json shown(const event::CheckReceived& check) { return bare_request("check", check); }
json shown(const event::WakeReceived& wake) { return bare_request("wake", wake); }

json shown(const event::AllowsReceived& allows) {
    const auto& [from, id, origin] = allows;
    CHECK(from == port);
    return {{"event", "allows"}, {"id", id}, {"origin", origin}};
}

json shown(const event::ScopeRequested& request) {
    const auto& [from, id, label, style] = request;
    CHECK(from == port);
    return {{"event", "scope"}, {"id", id}, {"label", label}, {"style", style}};
}

template <class Received>
json bare(const char* name, const Received& received) {
    const auto& [from] = received;
    CHECK(from == port);
    return {{"event", name}};
}

json shown(const event::TouchReceived& touch) { return bare("touch", touch); }
json shown(const event::GoodbyeReceived& goodbye) { return bare("goodbye", goodbye); }

template <class Other>
json shown(const Other&) {
    return "an event no message stands for";
}

json shown(const Event& event) {
    return std::visit([](const auto& received) { return shown(received); }, event);
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
                                        : outcome(codec::decode_message(text, port, codec::Rate::kept));
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
        CHECK(vectors::text_of(vector).find("\"claims\":" + claims) != std::string::npos);
    }
}

// One character too many in one member, and nothing else wrong.
struct Bounded {
    const char* member;
    const char* before;  // of the member's text
    std::size_t bytes_max;
    const char* written;  // the bound, as the sentence writes it
};
constexpr Bounded bounded[] = {
    {"subject", R"({"type":"login","id":1,"subject":")", limits::subject_bytes_max, "256"},
    {"sessionId", R"({"type":"login","id":1,"subject":"u","sessionId":")", limits::session_id_bytes_max, "256"},
    {"claims", R"({"type":"login","id":1,"subject":"u","claims":{"a":")", limits::claims_bytes_max - 8, "2,048"},
    {"label", R"({"type":"scope","id":1,"label":")", limits::label_bytes_max, "256"},
    {"style", R"({"type":"scope","id":1,"style":")", limits::style_bytes_max, "2,048"},
    {"origin", R"({"type":"allows","id":1,"origin":")", limits::origin_bytes_max, "512"},
};

TEST_CASE("the sentence for a member that is too long names that member and its bound", "[codec][wire]") {
    for (const Bounded& each : bounded) {
        INFO(each.member);
        const std::string after = std::string(each.member) == "claims" ? "\"}}" : "\"}";
        const auto message = [&](std::size_t bytes) { return each.before + std::string(bytes, 'x') + after; };
        CHECK(std::holds_alternative<Event>(codec::decode_message(message(each.bytes_max), port, codec::Rate::kept)));
        CHECK(
            outcome(codec::decode_message(message(each.bytes_max + 1), port, codec::Rate::kept)).value("refused", "") ==
            "oversized");
        const std::string sentence{codec::message_of(Code::oversized)};
        const auto at = sentence.find(each.member);
        REQUIRE(at != std::string::npos);
        // The bound of a member is the last number before its name.
        const auto digits_end = sentence.find_last_of("0123456789", at) + 1;
        const auto digits_begin = sentence.find_last_not_of("0123456789,", digits_end - 1) + 1;
        CHECK(sentence.substr(digits_begin, digits_end - digits_begin) == each.written);
    }
}

TEST_CASE("a message cut at any byte is refused as malformed", "[codec][wire]") {
    for (const json& vector : vectors::cases("wire/app-to-hub.json")) {
        if (!vector.value("client", false)) continue;
        INFO(vector.at("name"));
        const std::string whole = vectors::text_of(vector);
        for (std::size_t size = 0; size < whole.size(); ++size) {
            const std::string_view cut = std::string_view(whole).substr(0, size);
            const json result = vector.value("hello", false)
                                    ? outcome(codec::decode_hello(cut))
                                    : outcome(codec::decode_message(cut, port, codec::Rate::kept));
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
            const auto decoded = codec::decode_message(text, port, codec::Rate::kept);
            const auto* login = std::get_if<event::LoginReceived>(std::get_if<Event>(&decoded));
            const auto* refusal = std::get_if<codec::Refusal>(&decoded);
            REQUIRE((login != nullptr || refusal != nullptr));
        }
    }
}

TEST_CASE("an id written before the fault is still answered", "[codec][wire]") {
    const auto decoded =
        codec::decode_message(R"({"type":"login","id":9,"subject":"u","claims":{"a":)", port, codec::Rate::kept);
    CHECK(std::get<codec::Refusal>(decoded) == codec::Refusal{Code::malformed, 9});
}

TEST_CASE("K8.3: of an app that exceeds its rate nothing but type and id is read", "[codec][wire][R11]") {
    const auto decoded = [](std::string_view text) { return codec::decode_message(text, port, codec::Rate::exceeded); };
    // Read further, these would be refused for what they hold.
    const auto* text = GENERATE(R"({"type":"login","id":9,"subject":"eyJhbGciOiJub25lIn0.e30."})",
                                R"({"type":"login","id":9,"subject":"u","claims":{"token":"x"}})",
                                R"({"type":"logout","id":9,"session":"of another hub"})");
    CHECK(std::get<codec::Refusal>(decoded(text)) == codec::Refusal{Code::rate_limited, 9});
    CHECK(std::get<codec::Refusal>(decoded(R"({"type":"touch"})")) == codec::Refusal{Code::rate_limited, 0});
    CHECK(std::holds_alternative<event::GoodbyeReceived>(std::get<Event>(decoded(R"({"type":"goodbye"})"))));
}

TEST_CASE("the port of an event is the port it came over, whatever the text says", "[codec][wire][R11]") {
    const auto decoded = codec::decode_message(R"({"type":"touch"})", 12, codec::Rate::kept);
    CHECK(std::get<event::TouchReceived>(std::get<Event>(decoded)).port == 12);
    CHECK(std::holds_alternative<codec::Refusal>(
        codec::decode_message(R"({"type":"touch","port":3})", 12, codec::Rate::kept)));
}

}  // namespace

TEST_CASE("K1.3: the answer to the hub's own check may give a lifetime in the place of a time", "[codec]") {
    const auto expires_at = [](std::string_view text) {
        const auto outcome = codec::decode_check_result(text, 1, 1'000);
        CHECK(outcome.outcome == Outcome::active);
        return outcome.expires_at;
    };
    CHECK(expires_at(R"({"active":true})") == std::nullopt);
    CHECK(expires_at(R"({"active":true,"expiresIn":600})") == 601'000);
    CHECK(expires_at(R"({"active":true,"expiresIn":0})") == 1'000);
    CHECK(expires_at(R"({"active":true,"expiresAt":7,"expiresIn":600})") == 601'000);
    CHECK(expires_at(R"({"active":true,"expiresIn":8639999999999})") == limits::epoch_ms_max);

    const auto* text = GENERATE(R"({"active":true,"expiresIn":-1})", R"({"active":true,"expiresIn":"600"})",
                                R"({"active":true,"expiresIn":0.5})", R"({"active":true,"expiresIn":null})",
                                R"({"active":true,"expiresIn":8640000000000})");
    CHECK(codec::decode_check_result(text, 1, 1'000).outcome == Outcome::unknown);
}

}  // namespace lockstep
