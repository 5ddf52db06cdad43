// What is taken for a secret (R13), and what is not: an honest app must not stumble over it.
#include "wasm/codec/secrets.hpp"

#include <catch2/catch.hpp>

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

TEST_CASE("a credential's name is recognised however it is spelt", "[codec][R13]") {
    for (const char* name : {"access_token", "accessToken", "ACCESS-TOKEN", "refresh_token", "id_token", "token",
                             "Password", "secret", "client_secret", "authorization", "Cookie", "Set-Cookie", "apikey",
                             "api_key", "X-API-Key", "private_key", "jwt"}) {
        INFO(name);
        CHECK(codec::names_credential(name));
    }
}

TEST_CASE("the claims of OpenID Connect are no credentials", "[codec][R13]") {
    for (const char* name :
         {"sub",          "iss",        "aud",   "sid",    "nonce",          "acr",         "amr",    "azp",
          "auth_time",    "at_hash",    "name",  "email",  "email_verified", "picture",     "locale", "zoneinfo",
          "phone_number", "updated_at", "roles", "groups", "tenant",         "tokens_left", ""}) {
        INFO(name);
        CHECK_FALSE(codec::names_credential(name));
    }
}

}  // namespace
}  // namespace lockstep
