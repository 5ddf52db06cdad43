# R5: apps are told of a change before it is stored.
set(source wasm/core/cycle.cpp)
set(from [=[    state.writing = Writing{]=])
set(to [=[    state.record = record;
    announce(transition);
    state.writing = Writing{]=])
set(seeds_max 200)
