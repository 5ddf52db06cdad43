# R6: a lock is taken over from a tab that is at work.
set(source wasm/core/decide_duty.cpp)
set(from [=[effect::AskLock{record.duty.state == DutyState::claimed && was_busy}]=])
set(to [=[effect::AskLock{was_busy}]=])
set(seeds_max 200)
