// Claims as the hub keeps them: one canonical text. What may stand in them is decided here, for messages and for
// records alike.
#pragma once

#include <optional>
#include <string>

#include "wasm/codec/json.hpp"

namespace lockstep::codec {

// Nothing when it is no object, or a member anywhere in it is named so that it could reach a JavaScript prototype.
[[nodiscard]] std::optional<std::string> canonical_claims(const Value& value);

// A text in it looks like a token, or a member is named like a credential (R13).
[[nodiscard]] bool holds_secret(const Value& value);

}  // namespace lockstep::codec
