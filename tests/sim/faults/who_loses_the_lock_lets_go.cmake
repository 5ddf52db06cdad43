# R6: of tabs that take the lock over from each other every one stops.
set(source wasm/core/decide_duty.cpp)
set(from [=[    if (own->stage == DutyStage::locked) drop_duty(turn);
    ask_for_read(turn);]=])
set(to [=[    drop_duty(turn);
    ask_for_read(turn);]=])
set(seeds_max 20000)
