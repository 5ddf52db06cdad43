# R6: a page that goes into the back-forward cache keeps its lock.
set(source wasm/core/decide_duty.cpp)
set(from [=[    if (transition.state.phase != Phase::running) return drop_duty(transition);
    ask_for_read(transition);
}

void wake_received]=])
set(to [=[}

void wake_received]=])
set(seeds_max 200)
