// Replays a transcript: a world of several hubs over one store, driven by the lines of a text.
// tests/transcripts/README.md is the grammar; tests/unit/hub/transcript.ts is its twin for the WebAssembly.
#pragma once

#include <string>
#include <string_view>

namespace lockstep::test {

// The same text with its indented lines made anew.
[[nodiscard]] std::string replayed(std::string_view transcript);

}  // namespace lockstep::test
