// Reads and writes whole numbers in decimal. Each number has one text: no leading zero, no plus sign, nothing after it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lockstep::codec {

// Nothing if it is no number from 1 to `max`.
[[nodiscard]] std::optional<std::uint64_t> read_positive(std::string_view digits, std::uint64_t max);

void append_decimal(std::string& out, std::uint64_t value);

}  // namespace lockstep::codec
