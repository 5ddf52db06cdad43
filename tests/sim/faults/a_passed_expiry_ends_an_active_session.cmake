# R7: a provider whose clock differs says active with a time that has passed, and it is believed.
set(source wasm/core/decide_check.cpp)
set(from [=[*outcome.expires_at > transition.now;]=])
set(to [=[true;]=])
set(seeds_max 200)
