# R11: an app may do what its origin was not given.
set(source wasm/core/door.cpp)
set(from [=[!transition.state.client->capabilities.has(*needed)]=])
set(to [=[false]=])
set(seeds_max 200)
