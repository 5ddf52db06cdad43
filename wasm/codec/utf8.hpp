// JavaScript's texts as UTF-8. A lone surrogate has no UTF-8: a text with one is refused as a whole.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lockstep::codec {

[[nodiscard]] std::optional<std::string> utf8_of(std::u16string_view text);

}  // namespace lockstep::codec
