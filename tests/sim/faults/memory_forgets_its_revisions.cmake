# R3: what is decided while the store is blocked does not count.
set(source wasm/core/cycle.cpp)
set(from [=[        adopt(state, *candidate, transition.now);]=])
set(to [=[        state.record = candidate;]=])
set(seeds_max 200)
