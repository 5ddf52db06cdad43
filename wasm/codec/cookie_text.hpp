// The record's text as a cookie carries it (PROTOCOL §4.2): short, and made of letters, digits, `-` and `_` alone. A
// cookie travels with requests to the hub's server, and what reads like JSON or a script is refused by firewalls.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lockstep::codec {

// A place in the list is what is stored: the list may only grow, at its end, up to 31. Again in PROTOCOL §4.2 and in
// bridge-html/inspect/cookie-text.ts.
inline constexpr std::array<std::string_view, 16> cookie_phrases{
    R"({"format":1,"created":[)",
    R"("],"updated":[)",
    R"("],"lastEnd":)",
    R"(,"subject":")",
    R"(","sessionId":")",
    R"(","signedInAt":)",
    R"(,"signedInAt":)",
    R"(,"expiresAt":)",
    R"(,"checkAt":)",
    R"(,"activeAt":)",
    R"(,"claims":{)",
    R"(,"duty":{"epoch":[)",
    R"("],"state":"claimed","at":)",
    R"(,"failures":)",
    R"("],"state":")",
    R"(","at":)",
};
static_assert(cookie_phrases.size() < ' ');

// The place of the first phrase that a text begins with.
[[nodiscard]] constexpr std::optional<std::size_t> cookie_phrase_of(std::string_view text) {
    for (std::size_t place = 0; place < cookie_phrases.size(); ++place)
        if (text.starts_with(cookie_phrases[place])) return place;
    return std::nullopt;
}

// In bytes, of a text as `encode_cookie` shortens it: each phrase is one byte.
[[nodiscard]] constexpr std::size_t abbreviated_bytes(std::string_view record_text) {
    std::size_t bytes = 0;
    for (; !record_text.empty(); ++bytes) {
        const std::optional<std::size_t> place = cookie_phrase_of(record_text);
        record_text.remove_prefix(place ? cookie_phrases[*place].size() : 1);
    }
    return bytes;
}

// In base64url, of so many bytes.
[[nodiscard]] constexpr std::size_t cookie_text_bytes(std::size_t abbreviated) { return (abbreviated * 8 + 5) / 6; }

[[nodiscard]] std::string encode_cookie(std::string_view record_text);
// Nothing where this is no text that `encode_cookie` can have made.
[[nodiscard]] std::optional<std::string> decode_cookie(std::string_view cookie_text);

}  // namespace lockstep::codec
