# R3: what came into a blocked store is merged with what stands there when that opens.
set(source wasm/core/decide_migration.cpp)
set(from [=[if (state.store_blocked) state.migration.session = migration::Unverified{};]=])
set(to [=[]=])
set(seeds_max 20000)
