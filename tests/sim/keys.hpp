// The key of the record's cookie (PROTOCOL §4.3), apart from all else: hubs that converse with one cookie jar, each
// with the product's own decisions, and every two of its steps with room for others between them. A sibling host lays
// keys where the engine lets it, the jar makes room, the user clears, and hubs with a handle leave the cookie. Of a
// session there is only whether a hub holds one. A seed has a run of its own here, so the world's seeds mean what they
// meant.
#pragma once

#include <cstdint>
#include <ostream>

#include "tests/sim/reference_model.hpp"

namespace lockstep::sim {

// Safety after every step, then liveness: the first promise that was broken. `trace` may be null.
[[nodiscard]] Violation run_keys(std::uint64_t seed, std::ostream* trace);

}  // namespace lockstep::sim
