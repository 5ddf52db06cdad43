# R8: the maximum of two times of activity brings back the one that was stored while the clock was ahead.
set(source wasm/core/memory.cpp)
set(from [=[        discard_future_activity(*state.record, record, now);
        discard_future_activity(record, *state.record, now);
]=])
set(to [=[]=])
set(seeds_max 2000)
