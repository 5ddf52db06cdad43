# R6: an app that asks for a check is told an outcome that is long past.
set(source wasm/core/decide_check.cpp)
set(from [=[case DutyState::done: return was_within(duty.at, now, limits::check_fresh_ms);]=])
set(to [=[case DutyState::done: return true;]=])
set(seeds_max 2000)
