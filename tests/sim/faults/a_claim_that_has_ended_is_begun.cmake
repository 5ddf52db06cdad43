# R6: a page that was frozen after its claim begins under it, when another may be at work.
set(source wasm/core/decide_duty.cpp)
set(from [=[return own.stage == DutyStage::acting || now < duty.at;]=])
set(to [=[return true;]=])
set(seeds_max 200)
