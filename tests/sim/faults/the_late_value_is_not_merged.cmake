# R1: an end that was overwritten is not put back by a tab that hears of it.
set(source wasm/core/decide_store.cpp)
set(from [=[    merge_read(transition.state, changed.shown);
]=])
set(to [=[    static_cast<void>(changed);
]=])
set(seeds_max 200)
