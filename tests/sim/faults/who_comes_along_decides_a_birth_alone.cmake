# R3: of tabs that come along at once each decides another birth.
set(source wasm/core/decide_scope.cpp)
set(from [=[std::max(left.created.revision, found ? highest_revision(*found) : 0) + 1]=])
set(to [=[std::max(state.revision_seen, found ? highest_revision(*found) : 0) + 1]=])
set(seeds_max 2000)
