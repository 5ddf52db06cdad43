// The record's text as a cookie carries it (PROTOCOL §4.2): short, and made of letters, digits, `-` and `_` alone. A
// cookie travels with requests to the hub's server, and what reads like JSON or a script is refused by firewalls.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lockstep::codec {

[[nodiscard]] std::string encode_cookie(std::string_view record_text);
// Nothing where this is no text that `encode_cookie` can have made.
[[nodiscard]] std::optional<std::string> decode_cookie(std::string_view cookie_text);

}  // namespace lockstep::codec
