# R6: a duty is over and its lock is held on.
set(source wasm/core/decide_duty.cpp)
set(from [=[    if (own.has_lock) transition.emit(effect::ReleaseLock{});
]=])
set(to [=[]=])
set(seeds_max 200)
