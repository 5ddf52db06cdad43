// What counts as a secret (R13) and what does not: an honest app must not be refused.
#include "wasm/codec/secrets.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <string>

#include "tests/native/codec/arbitrary.hpp"

namespace lockstep {
namespace {

TEST_CASE("a JSON Web Token is recognised wherever it stands in a text", "[codec][R13]") {
    CHECK(codec::looks_like_token("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1In0.c2ln"));
    CHECK(codec::looks_like_token("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1In0."));
    CHECK(codec::looks_like_token("eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVy.dGFn"));
    CHECK(codec::looks_like_token("Bearer eyJhbGciOiJub25lIn0.e30.c2ln"));
    CHECK(codec::looks_like_token("https://a.example/cb#id_token=eyJhbGciOiJub25lIn0.e30.c2ln&state=1"));
    CHECK(codec::looks_like_token("eyJack eyJhbGciOiJub25lIn0.e30.c2ln"));
}

TEST_CASE("what only resembles a token is let through", "[codec][R13]") {
    for (const char* text : {"", "eyJ", "eyJack", "eyJack.Black", "a.b.c", "ada@example.com", "heyJoe.b.c", "eyJ a.b.c",
                             "1.2.840.113549", "auth0|5f7c8ec7c33c6c004bbafe82", "https://eyJ.example/a.b"}) {
        INFO(text);
        CHECK_FALSE(codec::looks_like_token(text));
    }
}

// A text full of headers costs the most. It is twice as long as any message, and a token stands at its
// end.
template <bool (*scan)(std::string_view)>
consteval bool scans_headers() {
    constexpr std::string_view header = "eyJ.";
    std::array<char, 16'384> text{};
    for (std::size_t at = 0; at < text.size(); ++at) text[at] = header[at % header.size()];
    return scan({text.data(), text.size()});
}

// The proof is that this compiles: g++ evaluates at most 33 million steps and clang one million, and a scan that starts
// again at each header needs more.
TEST_CASE("K8.3: a text full of headers is scanned in one pass", "[codec][R13]") {
    STATIC_REQUIRE(scans_headers<codec::looks_like_token>());
}

// The definition, word for word: from a header at the start of a part to the end of the run, two or four dots.
bool holds_token(const std::string& text) {
    for (std::size_t at = text.find("eyJ"); at != std::string::npos; at = text.find("eyJ", at + 1)) {
        if (at > 0 && codec::is_base64url(text[at - 1])) continue;
        const auto end = std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                                          [](char c) { return codec::is_base64url(c) || c == '.'; });
        const auto dots = std::count(text.begin() + static_cast<std::ptrdiff_t>(at), end, '.');
        if (dots == 2 || dots == 4) return true;
    }
    return false;
}

TEST_CASE("one pass finds the same tokens as a search from each header", "[codec][R13][property]") {
    CHECK(rc::check("looks_like_token(text) == holds_token(text)", [] {
        const auto pieces = *rc::gen::container<std::vector<std::string>>(
            rc::gen::elementOf(std::vector<std::string>{"eyJ", ".", ".", "a", "ey", "J", "-", " "}));
        std::string text;
        for (const std::string& piece : pieces) text += piece;
        RC_CLASSIFY(holds_token(text), "token");
        RC_ASSERT(codec::looks_like_token(text) == holds_token(text));
    }));
}

TEST_CASE("a credential's name is recognised however it is spelt", "[codec][R13]") {
    for (const char* name : {"access_token", "accessToken", "ACCESS-TOKEN", "refresh_token", "id_token", "token",
                             "Password", "secret", "client_secret", "authorization", "Cookie", "Set-Cookie", "apikey",
                             "api_key", "X-API-Key", "private_key", "jwt"}) {
        INFO(name);
        CHECK(codec::is_credential_name(name));
    }
}

TEST_CASE("the claims of OpenID Connect are no credentials", "[codec][R13]") {
    for (const char* name :
         {"sub",          "iss",        "aud",   "sid",    "nonce",          "acr",         "amr",    "azp",
          "auth_time",    "at_hash",    "name",  "email",  "email_verified", "picture",     "locale", "zoneinfo",
          "phone_number", "updated_at", "roles", "groups", "tenant",         "tokens_left", ""}) {
        INFO(name);
        CHECK_FALSE(codec::is_credential_name(name));
    }
}

}  // namespace
}  // namespace lockstep
