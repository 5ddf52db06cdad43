# R6: a page that goes into the back-forward cache keeps its lock.
set(source wasm/core/decide_duty.cpp)
set(from [=[    if (transition.state.phase != Phase::running) return drop_duty(transition);
    ask_for_read(transition);
}

// R10]=])
set(to [=[}

// R10]=])
set(seeds_max 200)
