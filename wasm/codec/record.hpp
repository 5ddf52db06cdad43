// Reads and writes the stored record (PROTOCOL §4). A record is read as a whole, within every bound, or it is
// unreadable; a record of a newer hub is reported as such. The same record is always written as the same bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "wasm/codec/json.hpp"
#include "wasm/core/event.hpp"
#include "wasm/core/record.hpp"

namespace lockstep::codec {

// read::Unreadable, read::Newer or a Record.
[[nodiscard]] Read decode_record(std::string_view text);
[[nodiscard]] std::string encode_record(const Record& record);

// Turns a record of one format into the next, or returns nothing.
using Migration = std::optional<Value> (*)(Value record);

// Applies the steps from format `from` on: steps[0] turns format 1 into 2. `from` is at least 1.
[[nodiscard]] std::optional<Value> migrate(Value record, std::int64_t from, std::span<const Migration> steps);

}  // namespace lockstep::codec
