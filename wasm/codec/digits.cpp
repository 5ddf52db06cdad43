// Simple loops: std::from_chars and std::to_chars are optimised for speed and would add ten times as much to the hub's
// module.
#include "wasm/codec/digits.hpp"

#include <iterator>

namespace lockstep::codec {

std::optional<std::uint64_t> read_positive(std::string_view digits, std::uint64_t max) {
    if (digits.starts_with('0')) return std::nullopt;
    std::uint64_t value = 0;
    for (const char digit : digits) {
        if (digit < '0' || digit > '9') return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(digit - '0');
        if (value > max) return std::nullopt;  // every bound is far from overflow
    }
    if (value == 0) return std::nullopt;
    return value;
}

void append_decimal(std::string& out, std::uint64_t value) {
    char digits[20];  // of 2^64 - 1
    char* const end = std::end(digits);
    char* begin = end;
    do {
        *--begin = static_cast<char>('0' + value % 10);
        value /= 10;
    } while (value > 0);
    out.append(begin, static_cast<std::size_t>(end - begin));
}

}  // namespace lockstep::codec
