# R13: claims stay in the record of a session that has ended.
set(source wasm/core/record.cpp)
set(from [=[    ended.claims.clear();
]=])
set(to [=[]=])
set(seeds_max 200)
