# R3: of tabs that come along at once each decides another birth.
set(source wasm/core/decide_migration.cpp)
set(from [=[std::max(source.created.revision, found]=])
set(to [=[std::max(state.revision_seen, found]=])
set(seeds_max 2000)
