# R10: a page that comes back does not look at the store again.
set(source wasm/core/step.cpp)
set(from [=[[&](const event::Woke&) { woke(transition); }]=])
set(to [=[[](const event::Woke&) {}]=])
set(seeds_max 200)
