// Two steps: what every record has in common becomes one byte, and the bytes become base64url (RFC 4648 §5, without
// padding). JSON has no byte below a space but in an escape, so these bytes can stand for nothing else.
#include "wasm/codec/cookie_text.hpp"

#include <cstdint>

namespace lockstep::codec {
namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr unsigned digit_bits = 6;
constexpr unsigned byte_bits = 8;

[[nodiscard]] std::string abbreviated(std::string_view text) {
    std::string bytes;
    while (!text.empty()) {
        const std::optional<std::size_t> place = cookie_phrase_of(text);
        bytes += place ? static_cast<char>(1 + *place) : text.front();
        text.remove_prefix(place ? cookie_phrases[*place].size() : 1);
    }
    return bytes;
}

[[nodiscard]] std::optional<std::string> spelt_out(std::string_view bytes) {
    std::string text;
    for (const char each : bytes) {
        const auto byte = static_cast<unsigned char>(each);
        if (byte > cookie_phrases.size() && byte < ' ') return std::nullopt;
        if (byte == 0) return std::nullopt;
        if (byte < ' ') {
            text += cookie_phrases[byte - 1U];
        } else {
            text += each;
        }
    }
    return text;
}

}  // namespace

std::string encode_cookie(std::string_view record_text) {
    std::string text;
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char each : abbreviated(record_text)) {
        held = (held << byte_bits) | static_cast<unsigned char>(each);
        for (bits += byte_bits; bits >= digit_bits; bits -= digit_bits)
            text += digits[(held >> (bits - digit_bits)) & 63U];
    }
    if (bits > 0) text += digits[(held << (digit_bits - bits)) & 63U];
    return text;
}

std::optional<std::string> decode_cookie(std::string_view cookie_text) {
    std::string bytes;
    std::uint32_t held = 0;
    unsigned bits = 0;
    for (const char each : cookie_text) {
        const auto digit = digits.find(each);
        if (digit == std::string_view::npos) return std::nullopt;
        held = (held << digit_bits) | static_cast<std::uint32_t>(digit);
        bits += digit_bits;
        if (bits < byte_bits) continue;
        bits -= byte_bits;
        bytes += static_cast<char>((held >> bits) & 255U);
    }
    // What is left over is filled up with zeros, and is never a digit of its own.
    const bool is_whole = bits < digit_bits && (held & ((1U << bits) - 1U)) == 0;
    return is_whole ? spelt_out(bytes) : std::nullopt;
}

}  // namespace lockstep::codec
