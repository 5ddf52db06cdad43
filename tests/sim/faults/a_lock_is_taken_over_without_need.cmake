# R6: a lock is taken over from a tab that is at work.
set(source wasm/core/decide_duty.cpp)
set(from [=[effect::AskLock{record.duty.state == DutyState::claimed && state.lock_busy_until.has_value()}]=])
set(to [=[effect::AskLock{state.lock_busy_until.has_value()}]=])
set(seeds_max 200)
