# R6: a session is ended at its provider again and again.
set(source wasm/core/duty_schedule.cpp)
set(from [=[    if (record.duty.state == DutyState::done) return std::nullopt;  // once
]=])
set(to [=[]=])
set(seeds_max 200)
