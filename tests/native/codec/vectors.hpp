// Reads the files of tests/vectors. It decides nothing: a file that is missing or empty fails the test that asked for
// it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace lockstep::vectors {

using nlohmann::json;

// Every case of `tests/vectors/<path>`, of which there is at least one.
[[nodiscard]] std::vector<json> cases(const std::string& path);

// The bytes of a case, whichever of the three forms they stand in.
[[nodiscard]] std::string text_of(const json& vector);

}  // namespace lockstep::vectors
