# R8: a duty whose stored time is in the future is reckoned from now on, and never due.
set(source wasm/core/duty_schedule.cpp)
set(from [=[return clamp_future(record.ended->at + wait_ms, now, wait_ms);]=])
set(to [=[return clamp_future(record.ended->at, now, 0) + wait_ms;]=])
set(seeds_max 200)
