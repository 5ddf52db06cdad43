# R3: a session is born before it is known how far revisions had come.
set(source wasm/core/tombstone.cpp)
set(from [=[brings_session || std::any_of(state.requests.begin(), state.requests.end(), is_login)]=])
set(to [=[brings_session || (false && std::any_of(state.requests.begin(), state.requests.end(), is_login))]=])
set(seeds_max 200)
