# R4: nothing comes along, and the user is signed out by a change of store.
set(source wasm/core/decide_scope.cpp)
set(from [=[    if (!lives && !is_named_ended(candidate, *left)) candidate = recreated(state, *left, candidate);
]=])
set(to [=[    if (!lives && !candidate) return;
    if (false && !is_named_ended(candidate, *left)) candidate = recreated(state, *left, candidate);
]=])
set(seeds_max 200)
