# R1: a session that ended in the wider store goes on where it had come from.
set(source wasm/core/decide_scope.cpp)
set(from [=[return left.born != record.born && names]=])
set(to [=[return false && names]=])
set(seeds_max 20000)
