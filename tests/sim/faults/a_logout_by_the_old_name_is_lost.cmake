# R2: a logout that names the session as it was born in the store before means nobody.
set(source wasm/core/decide_request.cpp)
set(from [=[!names(turn.state, *logout.names, candidate->born)]=])
set(to [=[candidate->born != *logout.names]=])
set(seeds_max 20000)
