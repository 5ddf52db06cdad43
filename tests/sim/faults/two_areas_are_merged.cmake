# R3: what came from one store is merged with what the other one shows.
set(source wasm/core/decide_scope.cpp)
set(from [=[    state.record.reset();
    state.store_seen]=])
set(to [=[    state.record = state.migration_source;
    state.store_seen]=])
set(seeds_max 2000)
