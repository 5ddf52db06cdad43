# R1: a session is born again in a store that shows its end.
set(source wasm/core/decide_scope.cpp)
set(from [=[!lives && !is_named_ended(candidate, *left)]=])
set(to [=[!lives && (true || !is_named_ended(candidate, *left))]=])
set(seeds_max 10000)
