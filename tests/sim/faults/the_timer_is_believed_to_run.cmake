# R8: a timer that fired early is not set again.
set(source wasm/core/step.cpp)
set(from [=[[&](const event::TimerFired&) { transition.state.timer_at.reset(); }]=])
set(to [=[[](const event::TimerFired&) {}]=])
set(seeds_max 200)
