# R5: apps are told of a change before it is stored.
set(source wasm/core/decide_store.cpp)
set(from [=[    state.writing = Writing{]=])
set(to [=[    settle(state, record);
    announce(turn);
    state.writing = Writing{]=])
set(seeds_max 2000)
