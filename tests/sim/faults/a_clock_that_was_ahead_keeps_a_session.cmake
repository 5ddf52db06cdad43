# R8: a time that was stored while the clock was ahead is not taken for now.
set(source wasm/core/cycle.cpp)
set(from [=[        correct_future_times(transition, candidate);
]=])
set(to [=[]=])
set(seeds_max 200)
