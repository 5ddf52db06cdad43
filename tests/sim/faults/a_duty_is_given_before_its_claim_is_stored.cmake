# R6: the app is at work before the claim is durable.
set(source wasm/core/decide_duty.cpp)
set(from [=[            return claim(turn, own, *candidate);]=])
set(to [=[            claim(turn, own, *candidate);
            return act(turn, own);]=])
set(seeds_max 200)
