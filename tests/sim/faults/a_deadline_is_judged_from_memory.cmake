# R9: a session ends by the deadline memory knows, before the store is looked at.
set(source wasm/core/decide_store.cpp)
set(from [=[    state.reading = false;
    look_at_store]=])
set(to [=[    state.reading = false;
    if (state.phase == Phase::running) end_when_due(turn, state.record);
    look_at_store]=])
set(seeds_max 200)
