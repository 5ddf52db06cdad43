# R6: an outcome counts though its claim is not the stored one any more.
set(source wasm/core/decide_check.cpp)
set(from [=[ || candidate->duty->epoch != own->epoch) return;]=])
set(to [=[) return;]=])
set(seeds_max 10000)
