# R1: a session that has ended in the store that is left comes along, since nobody looked.
set(source wasm/core/decide_migration.cpp)
set(from [=[    state.migration.target = changed.storage;
]=])
set(to [=[    if (state.phase == Phase::running && !state.writing) {
        use_widest_store(transition, changed.storage);
    } else {
        state.migration.target = changed.storage;
    }
]=])
set(seeds_max 20000)
