# R3: what came into a blocked store is merged with what stands there when that opens.
set(source wasm/core/decide_scope.cpp)
set(from [=[state.migrated_blind = state.store_blocked;]=])
set(to [=[state.migrated_blind = false;]=])
set(seeds_max 20000)
