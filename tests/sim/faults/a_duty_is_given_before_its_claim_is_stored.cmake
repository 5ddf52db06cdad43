# R6: the app is at work before the claim is durable.
set(source wasm/core/decide_duty.cpp)
set(from [=[            return claim(transition, own, *candidate);]=])
set(to [=[            claim(transition, own, *candidate);
            return act(transition, own);]=])
set(seeds_max 200)
