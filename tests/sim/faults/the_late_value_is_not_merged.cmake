# R1: an end that was overwritten is not put back by a tab that hears of it.
set(source wasm/core/cycle.cpp)
set(from [=[    merge_read(transition.state, changed.shown, transition.now);
]=])
set(to [=[    static_cast<void>(changed);
]=])
set(seeds_max 200)
