# An app that asks for a check is never answered.
set(source wasm/core/decide_check.cpp)
set(from [=[    state.waiting_checks.push_back(waiting);
]=])
set(to [=[]=])
set(seeds_max 200)
