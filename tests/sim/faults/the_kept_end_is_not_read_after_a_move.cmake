# R12: a session comes along without a look at the end that was kept beside the new store.
set(source wasm/core/tombstone.cpp)
set(from [=[shows_session || brings_session || std::any_of]=])
set(to [=[shows_session || (brings_session && false) || std::any_of]=])
set(seeds_max 2000)
