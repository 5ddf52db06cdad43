# R1: a slow login into a provider's session that has ended begins a new one.
set(source wasm/core/decide_login.cpp)
set(from [=[        return Code::session_ended;]=])
set(to [=[        candidate.reset();]=])
set(seeds_max 200)
