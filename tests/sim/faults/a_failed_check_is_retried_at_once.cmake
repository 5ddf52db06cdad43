# R7: a check that failed is tried again without a pause.
set(source wasm/core/decide_duty.cpp)
set(from [=[        next.at = now + retry_delay_ms(next);
]=])
set(to [=[]=])
set(seeds_max 200)
