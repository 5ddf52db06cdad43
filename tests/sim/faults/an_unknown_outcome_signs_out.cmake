# R7: a check that fails is taken for a no.
set(source wasm/core/decide_check.cpp)
set(from [=[is_check && outcome.outcome == Outcome::inactive]=])
set(to [=[is_check && outcome.outcome != Outcome::active]=])
set(seeds_max 200)
