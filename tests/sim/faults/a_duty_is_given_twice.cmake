# R6: one hub takes up a second duty while it has one.
set(source wasm/core/decide_duty.cpp)
set(from [=[if (state.own_duty || lock_asked || state.reading]=])
set(to [=[if ((state.own_duty && state.own_duty->stage != DutyStage::acting) || lock_asked || state.reading]=])
set(seeds_max 2000)
