// The migration of a record from an older format. There is no older format yet, so the tests define their own steps.
#include <catch2/catch.hpp>

#include "wasm/codec/json_writer.hpp"
#include "wasm/codec/record.hpp"

namespace lockstep {
namespace {

using codec::Value;

Value append(Value record, std::int64_t step) {
    std::get<codec::Array>(record.data).push_back({step});
    return record;
}

std::optional<Value> from_1(Value record) { return append(std::move(record), 1); }
std::optional<Value> from_2(Value record) { return append(std::move(record), 2); }
std::optional<Value> from_3(Value record) { return append(std::move(record), 3); }
// NOLINTNEXTLINE(performance-unnecessary-value-param): the type of a Migration
std::optional<Value> cannot(Value) { return std::nullopt; }

std::string shown(const std::optional<Value>& value) {
    std::string text;
    if (value) codec::write(text, *value);
    return text;
}

constexpr codec::Migration steps[] = {from_1, from_2, from_3};

TEST_CASE("a record passes through every step above its format, in order", "[codec][record][migration]") {
    CHECK(shown(codec::migrate({codec::Array{}}, 1, steps)) == "[1,2,3]");
    CHECK(shown(codec::migrate({codec::Array{}}, 3, steps)) == "[3]");
}

TEST_CASE("a record of the current format passes through none", "[codec][record][migration]") {
    CHECK(shown(codec::migrate({codec::Array{}}, 4, steps)) == "[]");
    CHECK(shown(codec::migrate({codec::Array{}}, 1, {})) == "[]");
}

TEST_CASE("a step that cannot leaves nothing, and no later step is tried", "[codec][record][migration]") {
    constexpr codec::Migration broken[] = {from_1, cannot, from_3};
    CHECK(codec::migrate({codec::Array{}}, 1, broken) == std::nullopt);
    CHECK(codec::migrate({codec::Array{}}, 2, broken) == std::nullopt);
    CHECK(shown(codec::migrate({codec::Array{}}, 3, broken)) == "[3]");
}

}  // namespace
}  // namespace lockstep
