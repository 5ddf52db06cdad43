// Generators for the codec's property tests: records within every bound of PROTOCOL §4, and texts that come close to
// messages.
#pragma once

#include <rapidcheck.h>

#include <string>

#include "wasm/core/record.hpp"

namespace lockstep::arbitrary {

[[nodiscard]] rc::Gen<Record> active_record();
[[nodiscard]] rc::Gen<Record> record();

// Pieces of JSON and of the protocol in any order, some of them broken.
[[nodiscard]] rc::Gen<std::string> nearly_json();

}  // namespace lockstep::arbitrary
