# R6: the lock is asked for while an earlier request is not answered.
set(source wasm/core/decide_duty.cpp)
set(from [=[if (state.own_duty || lock_asked || state.reading]=])
set(to [=[if (state.own_duty || (false && lock_asked) || state.reading]=])
set(seeds_max 10000)
