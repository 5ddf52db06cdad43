# R9: a session ends by the deadline memory knows, before the store is looked at.
set(source wasm/core/cycle.cpp)
set(from [=[    read_store(state, read.read, transition.now);
    const ReadOrder]=])
set(to [=[    if (state.phase == Phase::running) end_when_due(transition, state.record);
    read_store(state, read.read, transition.now);
    const ReadOrder]=])
set(seeds_max 200)
