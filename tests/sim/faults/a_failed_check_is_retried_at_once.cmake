# R7: a check that failed is tried again without a pause.
set(source wasm/core/decide_duty.cpp)
set(from [=[    duty.at = now + retry_delay_ms(duty);
]=])
set(to [=[    duty.at = now;
]=])
set(seeds_max 200)
