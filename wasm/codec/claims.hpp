// The claims of a session, which the hub keeps as one canonical text. This file decides what claims may contain, for
// messages and for records.
#pragma once

#include <optional>
#include <string>

#include "wasm/codec/json.hpp"

namespace lockstep::codec {

// Nothing if the value is no object, or if some member at any depth has a name that could reach a JavaScript prototype.
[[nodiscard]] std::optional<std::string> canonical_claims(const Value& value);

// True if some text in the value looks like a token, or some member has the name of a credential (R13).
[[nodiscard]] bool holds_secret(const Value& value);

}  // namespace lockstep::codec
