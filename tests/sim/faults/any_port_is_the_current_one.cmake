# R11: what comes over another port is taken for the app's.
set(source wasm/core/transition.cpp)
set(from [=[return state.client && state.client->port == port;]=])
set(to [=[return state.client.has_value() && port != 0;]=])
set(seeds_max 200)
