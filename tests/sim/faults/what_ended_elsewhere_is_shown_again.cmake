# R1: a session that ended in the wider store goes on where it had come from.
set(source wasm/core/decide_migration.cpp)
set(from [=[return source.created != record.created && refers_to]=])
set(to [=[return false && refers_to]=])
set(seeds_max 20000)
