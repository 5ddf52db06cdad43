# R1: a session is born again in a store that shows its end.
set(source wasm/core/decide_migration.cpp)
set(from [=[!lives && !is_named_ended(candidate, source)]=])
set(to [=[!lives && (true || !is_named_ended(candidate, source))]=])
set(seeds_max 10000)
