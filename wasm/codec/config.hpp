// Reads the configuration that `lockstep build` puts into the hub's page (PROTOCOL §5). It is strict although our own
// build wrote the text: a hub that guesses at its allow-list is worse than a hub that does not start.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "wasm/core/config.hpp"

namespace lockstep::codec {

// The configuration, or a sentence that says what is wrong and where.
[[nodiscard]] std::variant<Config, std::string> decode_config(std::string_view text);

// An http or https origin as `location.origin` writes it: host in lower case, the port unless it is the scheme's own.
[[nodiscard]] bool is_web_origin(std::string_view text);

// The same, or an origin of another scheme that has pages: `capacitor://localhost`.
[[nodiscard]] bool is_origin(std::string_view text);

}  // namespace lockstep::codec
