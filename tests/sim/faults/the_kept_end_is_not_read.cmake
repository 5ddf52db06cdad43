# R12: a hub starts on the session that localStorage shows, and never asks whether its end was kept.
set(source wasm/core/tombstone.cpp)
set(from [=[return shows_session || brings_session]=])
set(to [=[return (shows_session && false) || brings_session]=])
set(seeds_max 2000)
