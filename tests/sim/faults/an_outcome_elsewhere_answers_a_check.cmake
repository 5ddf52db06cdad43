# R6: who waits for a check is told of what happened in another store.
set(source wasm/core/decide_migration.cpp)
set(from [=[    for (const WaitingCheck& waiting : std::exchange(state.waiting_checks, {})) {
        state.requests.emplace_back(event::CheckReceived{waiting.port, waiting.id});
    }
]=])
set(to [=[]=])
set(seeds_max 2000)
