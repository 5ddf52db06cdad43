# R10: the value of a storage event is taken for what the store holds.
set(source wasm/core/cycle.cpp)
set(from [=[    merge_read(transition.state, changed.shown, transition.now);
]=])
set(to [=[    if (const auto* record = std::get_if<Record>(&changed.shown)) transition.state.record = *record;
]=])
set(seeds_max 200)
