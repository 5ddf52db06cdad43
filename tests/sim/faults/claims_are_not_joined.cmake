# R6: of two records of one session the duty of the later version counts, though the other's claim is later.
set(source wasm/core/record.cpp)
set(from [=[    if (is_active(a) == is_active(b)) joined.duty = a.duty < b.duty ? b.duty : a.duty;
]=])
set(to [=[]=])
set(seeds_max 200)
