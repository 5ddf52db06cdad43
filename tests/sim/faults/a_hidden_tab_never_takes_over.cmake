# R6: where no tab is visible a duty is never done.
set(source wasm/core/duty_schedule.cpp)
set(from [=[return state.visible ? 0 : limits::duty_hidden_grace_ms;]=])
set(to [=[return state.visible ? 0 : 1'000 * limits::retry_ms_max;]=])
set(seeds_max 200)
