// The configuration `lockstep build` puts into the hub's page: PROTOCOL §5. Strict, though our own build wrote it: a
// hub that guesses at its allow-list is worse than a hub that does not start.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "wasm/core/config.hpp"

namespace lockstep::codec {

// Or a sentence that says what is wrong and where.
[[nodiscard]] std::variant<Config, std::string> decode_config(std::string_view text);

// Scheme and host in lower case and the port where it is not the scheme's own, as `location.origin` writes it.
[[nodiscard]] bool is_origin(std::string_view text);

}  // namespace lockstep::codec
