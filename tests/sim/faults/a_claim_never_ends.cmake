# R6: a claim whose tab has crashed is waited for for ever.
set(source wasm/core/duty_schedule.cpp)
set(from [=[return clamp_future(duty.at + grace_ms(state), now, limits::claim_ms + grace_ms(state));]=])
set(to [=[return std::nullopt;]=])
set(seeds_max 200)
