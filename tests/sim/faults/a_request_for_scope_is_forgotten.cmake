# Who asks for more scope again is never replied to about the first.
set(source wasm/core/decide_migration.cpp)
set(from [=[    if (state.scope_request) reply(transition, state.scope_request->port, state.scope_request->id, std::nullopt);
]=])
set(to [=[]=])
set(seeds_max 200)
