# The app whose session goes on is told of a login.
set(source wasm/core/decide_scope.cpp)
set(from [=[state.client->known->session == left.born) state]=])
set(to [=[false) state]=])
set(seeds_max 200)
