# R4: nothing comes along, and the user is signed out by a change of store.
set(source wasm/core/decide_migration.cpp)
set(from [=[    if (!lives && !is_named_ended(candidate, source)) candidate = recreated(state, source, candidate);
]=])
set(to [=[    if (!lives && !candidate) return;
    if (false && !is_named_ended(candidate, source)) candidate = recreated(state, source, candidate);
]=])
set(seeds_max 200)
