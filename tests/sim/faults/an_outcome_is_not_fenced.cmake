# R6: an outcome counts though its claim is not the stored one any more.
set(source wasm/core/decide_duty.cpp)
set(from [=[duty.state != DutyState::claimed || duty.epoch.revision != own.revision || duty.epoch.writer != state.writer]=])
set(to [=[duty.state != DutyState::claimed]=])
set(seeds_max 10000)
