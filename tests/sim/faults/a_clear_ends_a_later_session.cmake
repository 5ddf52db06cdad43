# R2: a clear ends a session that was born after it was seen.
set(source wasm/core/decide_end.cpp)
set(from [=[ || candidate->created != *cleared]=])
set(to [=[]=])
set(seeds_max 2000)
