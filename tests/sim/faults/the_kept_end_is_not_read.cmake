# R12: a hub starts on what localStorage shows, and never asks for the kept end.
set(source wasm/core/decide_store.cpp)
set(from [=[    if (state.kept_end_known) return false;]=])
set(to [=[    if (!state.kept_end_known) return false;]=])
set(seeds_max 2000)
