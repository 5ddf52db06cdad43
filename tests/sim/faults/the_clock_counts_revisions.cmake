# R3: revisions are taken from the wall clock.
set(source wasm/core/transition.cpp)
set(from [=[    transition.state.revision_seen = std::min(transition.state.revision_seen + 1, limits::revision_max);]=])
set(to [=[    transition.state.revision_seen = static_cast<std::uint64_t>(transition.now);]=])
set(seeds_max 200)
