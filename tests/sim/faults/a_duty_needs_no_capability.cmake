# R11: an app is given duties whose outcome it may not bring about.
set(source wasm/core/decide_duty.cpp)
set(from [=[    client.can_check = duties.check && may_check;]=])
set(to [=[    client.can_check = duties.check;]=])
set(seeds_max 200)
