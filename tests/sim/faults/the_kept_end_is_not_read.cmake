# R12: a hub starts on the session that localStorage shows, and never asks whether its end was kept.
set(source wasm/core/decide_store.cpp)
set(from [=[shows_session || std::any_of]=])
set(to [=[(shows_session && false) || std::any_of]=])
set(seeds_max 2000)
