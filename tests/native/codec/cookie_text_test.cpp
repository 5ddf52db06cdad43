// The record's text as a cookie carries it. Each name is the promise it proves.
#include "wasm/codec/cookie_text.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "tests/native/codec/arbitrary.hpp"
#include "wasm/codec/record.hpp"

using namespace lockstep;

namespace {

[[nodiscard]] bool is_plain(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char each) {
        return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9') ||
               each == '-' || each == '_';
    });
}

}  // namespace

TEST_CASE("K6.3: any record goes through a cookie, as letters, digits, `-` and `_` alone",
          "[codec][cookie][property]") {
    CHECK(rc::check("decode(encode(text)) == text", [] {
        const std::string text = codec::encode_record(*arbitrary::record());
        const std::string cookie = codec::encode_cookie(text);
        RC_ASSERT(is_plain(cookie));
        RC_ASSERT(codec::decode_cookie(cookie) == text);
    }));
}

TEST_CASE("K6.3: a record in a cookie is hardly longer than its JSON", "[codec][cookie]") {
    const std::string text =
        R"({"format":1,"created":[3,"0123456789abcdef"],"updated":[4,"0123456789abcdef"],"lastEnd":2,"subject":"u-42",)"
        R"("sessionId":"sid-7","signedInAt":1764000000000,"expiresAt":1764000600000,"checkAt":1764000480000,)"
        R"("activeAt":1764000000000,"claims":{"name":"Ada"}})";
    const std::string cookie = codec::encode_cookie(text);
    CHECK(cookie.size() < text.size());
    CHECK(codec::decode_cookie(cookie) == text);
}

TEST_CASE("what has no abbreviation, and what is spelt out, is read all the same", "[codec][cookie]") {
    CHECK(codec::encode_cookie("").empty());
    CHECK(codec::decode_cookie("") == "");
    CHECK(codec::encode_cookie("~x") == "fng");
    CHECK(codec::decode_cookie("eyJmb3JtYXQiOjEsImNyZWF0ZWQiOls") == R"({"format":1,"created":[)");
    CHECK(codec::encode_cookie(R"({"format":1,"created":[)") == "AQ");
}

TEST_CASE("a cookie that no hub has written is nothing", "[codec][cookie]") {
    for (const char* text : {"a", "abcde", R"({"format":1})", "fng=", "fnh", "AA", "Hw", "fn g", "\xc3\xa4\xc3\xa4"}) {
        INFO(text);
        CHECK_FALSE(codec::decode_cookie(text));
    }
}
