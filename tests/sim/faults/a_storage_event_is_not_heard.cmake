# R10: another tab's write is ignored.
set(source wasm/core/step.cpp)
set(from [=[[&](const event::StoreChanged&) { ask_for_read(turn); }]=])
set(to [=[[](const event::StoreChanged&) {}]=])
set(seeds_max 200)
