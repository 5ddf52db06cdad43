# R6: a duty is not dropped with the store that it was claimed in.
set(source wasm/core/decide_migration.cpp)
set(from [=[    if (state.own_duty) drop_duty(transition);
]=])
set(to [=[]=])
set(seeds_max 2000)
