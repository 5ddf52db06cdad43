# The app whose session goes on is told of a login.
set(source wasm/core/decide_scope.cpp)
set(from [=[state.client->known->session == left.created)]=])
set(to [=[false)]=])
set(seeds_max 200)
