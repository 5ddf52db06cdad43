// tests/vectors/README.md defines the forms of a text.
#include "tests/native/codec/vectors.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <string_view>

namespace lockstep::vectors {
namespace {

[[nodiscard]] std::string from_base64(const std::string& text) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    unsigned bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        if (c == '=') break;
        const auto digit = alphabet.find(c);
        REQUIRE(digit != std::string_view::npos);
        bits = (bits << 6U | static_cast<unsigned>(digit)) & 0xFFFFU;
        count += 6;
        if (count >= 8) {
            count -= 8;
            bytes += static_cast<char>(bits >> count & 0xFFU);
        }
    }
    return bytes;
}

}  // namespace

std::vector<json> cases(const std::string& path) {
    std::ifstream file(std::string(LOCKSTEP_VECTORS_DIR) + "/" + path);
    INFO("reading " << path);
    REQUIRE(file.good());
    auto all = json::parse(file).get<std::vector<json>>();
    REQUIRE_FALSE(all.empty());
    return all;
}

std::string text_of(const json& vector) {
    if (vector.contains("text")) return vector.at("text").get<std::string>();
    if (vector.contains("base64")) return from_base64(vector.at("base64").get<std::string>());
    const json& repeat = vector.at("repeat");
    std::string text = repeat.value("before", "");
    const auto piece = repeat.at("text").get<std::string>();
    for (int left = repeat.at("times").get<int>(); left > 0; --left) text += piece;
    return text;
}

}  // namespace lockstep::vectors
