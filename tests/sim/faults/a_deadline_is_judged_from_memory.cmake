# R9: a session ends by the deadline memory knows, before the store is looked at.
set(source wasm/core/decide_store.cpp)
set(from [=[    look_at_store(state, read.read);
    const Sight]=])
set(to [=[    if (state.phase == Phase::running) end_when_due(turn, state.record);
    look_at_store(state, read.read);
    const Sight]=])
set(seeds_max 200)
