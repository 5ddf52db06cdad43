# R3: what came from one store is merged with what the other one shows.
set(source wasm/core/decide_migration.cpp)
set(from [=[    state.record.reset();
    state.store_seen]=])
set(to [=[    if (const auto* pending = std::get_if<migration::Pending>(&state.migration.session)) {
        state.record = pending->source;
    } else {
        state.record.reset();
    }
    state.store_seen]=])
set(seeds_max 2000)
