# R9: the winner's activity counts, though the loser's was later.
set(source wasm/core/record.cpp)
set(from [=[    joined.active_at = std::max(a.active_at, b.active_at);  // R9
]=])
set(to [=[]=])
set(seeds_max 200)
