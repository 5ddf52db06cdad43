# R10: another tab's write is ignored.
set(source wasm/core/step.cpp)
set(from [=[[&](const event::StoreChanged& e) { store_changed(transition, e); }]=])
set(to [=[[](const event::StoreChanged&) {}]=])
set(seeds_max 200)
