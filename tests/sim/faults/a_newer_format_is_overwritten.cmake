# A record that only a newer hub can read is taken for garbage.
set(source wasm/core/memory.cpp)
set(from [=[    state.outdated = std::holds_alternative<read::Newer>(read);]=])
set(to [=[    state.outdated = false;]=])
set(seeds_max 200)
