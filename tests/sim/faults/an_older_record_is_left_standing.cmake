# R10: where the store shows less than memory, nothing is written.
set(source wasm/core/decide_store.cpp)
set(from [=[candidate && candidate != state.stored]=])
set(to [=[candidate && candidate != state.record]=])
set(seeds_max 200)
