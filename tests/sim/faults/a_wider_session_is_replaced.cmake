# R4: who comes along takes the place of the session that everybody else has.
set(source wasm/core/decide_migration.cpp)
set(from [=[const bool lives = candidate && is_active(*candidate);]=])
set(to [=[const bool lives = candidate && is_active(*candidate) && may_be_same_session(candidate->session_id, source.session_id);]=])
set(seeds_max 2000)
