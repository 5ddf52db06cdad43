# R1: a session that has ended in the store that is left comes along, since nobody looked.
set(source wasm/core/decide_scope.cpp)
set(from [=[    state.storage_next = changed.storage;
]=])
set(to [=[    if (state.phase == Phase::running && !state.writing) {
        use_widest_store(transition, changed.storage);
    } else {
        state.storage_next = changed.storage;
    }
]=])
set(seeds_max 20000)
