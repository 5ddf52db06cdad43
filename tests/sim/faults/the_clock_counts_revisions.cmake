# R3: revisions are taken from the wall clock.
set(source wasm/core/decide_request.cpp)
set(from [=[    transition.state.revision_seen += 1;]=])
set(to [=[    transition.state.revision_seen = static_cast<std::uint64_t>(transition.now);]=])
set(seeds_max 200)
