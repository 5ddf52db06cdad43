# R10: where the store shows less than memory, nothing is written.
set(source wasm/core/cycle.cpp)
set(from [=[candidate && candidate != state.stored]=])
set(to [=[candidate && candidate != state.record]=])
set(seeds_max 200)
