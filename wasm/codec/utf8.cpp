#include "wasm/codec/utf8.hpp"

#include <cstdint>

namespace lockstep::codec {
namespace {

[[nodiscard]] bool is_high_surrogate(char16_t unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
[[nodiscard]] bool is_low_surrogate(char16_t unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

void append(std::string& out, std::uint32_t code_point) {
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    const auto put_tail = [&](int shift) { put(0x80U | ((code_point >> shift) & 0x3FU)); };
    if (code_point < 0x80) return put(code_point);
    if (code_point < 0x800) {
        put(0xC0U | (code_point >> 6U));
    } else if (code_point < 0x10000) {
        put(0xE0U | (code_point >> 12U));
        put_tail(6);
    } else {
        put(0xF0U | (code_point >> 18U));
        put_tail(12);
        put_tail(6);
    }
    put_tail(0);
}

}  // namespace

std::optional<std::string> utf8_of(std::u16string_view text) {
    std::string out;
    out.reserve(text.size());  // exact for ASCII, which most texts are
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char16_t unit = text[at];
        if (is_low_surrogate(unit)) return std::nullopt;
        if (!is_high_surrogate(unit)) {
            append(out, unit);
            continue;
        }
        if (at + 1 == text.size() || !is_low_surrogate(text[at + 1])) return std::nullopt;
        ++at;
        append(out, 0x10000U + ((unit - 0xD800U) << 10U) + (text[at] - 0xDC00U));
    }
    return out;
}

}  // namespace lockstep::codec
