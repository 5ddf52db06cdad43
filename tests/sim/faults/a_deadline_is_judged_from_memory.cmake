# R9: a session ends by the deadline memory knows, before the store is looked at.
set(source wasm/core/decide_store.cpp)
set(from [=[    read_store(state, read.read);
    const ReadOrder]=])
set(to [=[    if (state.phase == Phase::running) end_when_due(transition, state.record);
    read_store(state, read.read);
    const ReadOrder]=])
set(seeds_max 200)
