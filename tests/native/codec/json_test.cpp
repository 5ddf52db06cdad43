// The JSON parser and writer alone: what is parsed is written back unchanged, no text crashes them, and the bounds hold
// while parsing.
#include "wasm/codec/json.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "tests/native/codec/arbitrary.hpp"
#include "tests/native/codec/vectors.hpp"
#include "wasm/codec/config.hpp"
#include "wasm/codec/json_writer.hpp"
#include "wasm/codec/record.hpp"
#include "wasm/codec/wire.hpp"

namespace lockstep {
namespace {

std::string rewritten(std::string_view text) {
    const codec::Document document = codec::parse(text);
    REQUIRE(document.complete);
    std::string out;
    codec::write(out, document.root);
    return out;
}

bool is_complete(std::string_view text) { return codec::parse(text).complete; }

TEST_CASE("canonical JSON is written back byte for byte", "[codec][json]") {
    const auto text =
        GENERATE(as<std::string>(), "null", "true", "false", "0", "-1", "9223372036854775807", "-9223372036854775808",
                 "9223372036854775808", "18446744073709551615", "18446744073709551616", "-9223372036854775809", "-0",
                 "0.0", "1.50", "1e3", "1E+3", "1.7976931348623157e308", "\"\"", "\"a\\\"\\\\\\n\\u0000\"", "[]", "{}",
                 R"([1,"a",[null,{"b":{"c":[]}}]])", R"({"b":1,"a":{"z":1.0,"y":"é"}})");
    CHECK(rewritten(text) == text);
}

TEST_CASE("whole numbers beyond 64 bits keep their text and are no integers", "[codec][json]") {
    for (const char* text :
         {"9223372036854775808", "18446744073709551616", "-9223372036854775809", "1.0", "1e3", "-0"}) {
        INFO(text);
        const codec::Document document = codec::parse(text);
        const auto* number = codec::get<codec::Number>(&document.root);
        REQUIRE(number != nullptr);
        CHECK(number->text == text);
    }
    const codec::Document most = codec::parse("9223372036854775807");
    CHECK(*codec::get<std::int64_t>(&most.root) == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("a number is refused exactly where JavaScript would read infinity", "[codec][json]") {
    for (const char* text : {"1.7976931348623157e308", "1.7976931348623158e308", "17976931348623157e292", "0.017e310",
                             "0e9999", "0.000e400", "1e-9999", "0.0000000001e318"}) {
        INFO(text);
        CHECK(is_complete(text));
        CHECK(std::isfinite(std::strtod(text, nullptr)));
    }
    for (const char* text :
         {"1.7976931348623159e308", "1.8e308", "18e307", "1e309", "-1e309", "0.0001e313", "1e99999999999999999999"}) {
        INFO(text);
        CHECK_FALSE(is_complete(text));
        CHECK_FALSE(std::isfinite(std::strtod(text, nullptr)));
    }
}

TEST_CASE("the depth of a text is counted, and no text is parsed deeper than the bound", "[codec][json]") {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    CHECK(codec::parse("1").depth == 0);
    CHECK(codec::parse(R"({"a":[{}],"b":[]})").depth == 3);
    CHECK(codec::is_strict(codec::parse(nested(limits::json_depth_max))));
    CHECK_FALSE(codec::is_strict(codec::parse(nested(limits::json_depth_max + 1))));
    CHECK(is_complete(nested(codec::nesting_max)));
    CHECK_FALSE(is_complete(nested(codec::nesting_max + 1)));
    CHECK_FALSE(is_complete(std::string(1U << 20U, '[')));
    CHECK_FALSE(is_complete(std::string(1U << 20U, '{')));
}

TEST_CASE("a duplicate member is found at any depth", "[codec][json]") {
    CHECK_FALSE(codec::parse(R"({"a":{"a":1},"b":{"a":1}})").duplicate);
    CHECK(codec::parse(R"({"a":1,"b":2,"a":1})").duplicate);
    CHECK(codec::parse(R"([[{"x":{"\u0061":1,"a":1}}]])").duplicate);
}

TEST_CASE("of a broken text the part before the fault is known", "[codec][json]") {
    const codec::Document document = codec::parse(R"({"a":1,"b":[2,)");
    CHECK_FALSE(document.complete);
    std::string text;
    codec::write(text, document.root);
    CHECK(text == R"({"a":1,"b":[2]})");
}

TEST_CASE("a text has the length that JavaScript counts", "[codec][json]") {
    CHECK(codec::utf16_units("") == 0);
    CHECK(codec::utf16_units("abc") == 3);
    CHECK(codec::utf16_units("\u00e9\u2028") == 2);
    CHECK(codec::utf16_units("\U0001F511") == 2);
}

// Every name is compared with every name before it.
TEST_CASE("K8.3: an object is read up to a number of members that costs no more than other texts", "[codec][json]") {
    const auto object_of = [](std::size_t members) {
        std::string text = "{";
        for (std::size_t member = 0; member < members; ++member) text += "\"" + std::to_string(member) + "\":0,";
        text.back() = '}';
        return text;
    };
    CHECK(is_complete(object_of(512)));
    CHECK_FALSE(is_complete(object_of(513)));
    CHECK_FALSE(is_complete("[" + object_of(513) + "]"));
}

TEST_CASE("no bytes crash a decoder", "[codec][json][property]") {
    const auto every_decoder = [](const std::string& text) {
        static_cast<void>(codec::decode_hello(text));
        static_cast<void>(codec::decode_message(text, 1, codec::Rate::kept));
        static_cast<void>(codec::decode_config(text));
        const Read read = codec::decode_record(text);
        RC_ASSERT(!std::holds_alternative<read::Absent>(read));
        RC_ASSERT(!std::holds_alternative<read::Blocked>(read));
    };
    CHECK(rc::check("arbitrary bytes", [&] { every_decoder(*rc::gen::arbitrary<std::string>()); }));
    CHECK(rc::check("almost JSON", [&] { every_decoder(*arbitrary::nearly_json()); }));
}

TEST_CASE("whatever is read is written to a text that reads the same", "[codec][json][property]") {
    CHECK(rc::check("parse(write(parse(text))) == parse(text)", [] {
        const codec::Document document = codec::parse(*arbitrary::nearly_json());
        std::string text;
        codec::write(text, document.root);
        RC_ASSERT(codec::parse(text).complete);
        RC_ASSERT(codec::parse(text).root == document.root);
    }));
}

}  // namespace
}  // namespace lockstep
