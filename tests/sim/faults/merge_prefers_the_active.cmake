# R1: at equal birth the active record wins over the ended one.
set(source wasm/core/record.cpp)
set(from [=[return is_active(a);  // R1: ended beats active]=])
set(to [=[return is_active(b);]=])
set(seeds_max 200)
