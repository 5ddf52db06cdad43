// Reads and writes logical timestamps, and reads times, with the bounds of PROTOCOL §4. A timestamp has two written
// forms: an array in a record, an opaque token on the wire.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "wasm/codec/json.hpp"
#include "wasm/core/event.hpp"
#include "wasm/core/record.hpp"

namespace lockstep::codec {

// `[3,"9f86d081"]`
[[nodiscard]] std::optional<LogicalTimestamp> decode_timestamp(const Value* value);
void write(std::string& out, const LogicalTimestamp& timestamp);

// `3.9f86d081`
[[nodiscard]] std::optional<LogicalTimestamp> decode_token(std::string_view token);
[[nodiscard]] std::string encode_token(const LogicalTimestamp& timestamp);

// `3.local-storage`
[[nodiscard]] std::optional<LastEnd> decode_last_end(std::string_view token);
[[nodiscard]] std::string encode_last_end(const LastEnd& last_end);

// Epoch milliseconds: an integer from 0 to the greatest time of JavaScript's Date.
[[nodiscard]] std::optional<EpochMs> decode_time(const Value* value);

}  // namespace lockstep::codec
