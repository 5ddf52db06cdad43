# The app whose session goes on is told of a login.
set(source wasm/core/decide_migration.cpp)
set(from [=[state.client->known->session == source.created)]=])
set(to [=[false)]=])
set(seeds_max 200)
