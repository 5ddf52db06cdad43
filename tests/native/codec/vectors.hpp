// Reads the files of tests/vectors. A file that is missing or empty fails the test that reads it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace lockstep::vectors {

using nlohmann::json;

// The cases of `tests/vectors/<path>`; at least one.
[[nodiscard]] std::vector<json> cases(const std::string& path);

// The bytes of a case, in any of the three forms.
[[nodiscard]] std::string text_of(const json& vector);

}  // namespace lockstep::vectors
