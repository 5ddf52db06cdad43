# R1: a session that has ended in the store that is left comes along, since nobody looked.
set(source wasm/core/decide_scope.cpp)
set(from [=[    state.placement_next = changed.placement;
]=])
set(to [=[    if (state.phase == Phase::running && !state.writing) {
        use_widest_store(turn, changed.placement);
    } else {
        state.placement_next = changed.placement;
    }
]=])
set(seeds_max 20000)
