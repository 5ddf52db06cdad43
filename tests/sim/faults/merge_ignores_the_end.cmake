# R1: of two records of one session the later version wins, ended or not.
set(source wasm/core/record.cpp)
set(from [=[    if (is_active(a) != is_active(b)) return is_active(a);  // R1: ended beats active
]=])
set(to [=[]=])
set(seeds_max 2000)
