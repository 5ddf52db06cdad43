# R2: a logout that names the session as it was born in the store before means nobody.
set(source wasm/core/decide_logout.cpp)
set(from [=[!refers_to(transition.state.migration, *logout.session, candidate->created)]=])
set(to [=[candidate->created != *logout.session]=])
set(seeds_max 20000)
