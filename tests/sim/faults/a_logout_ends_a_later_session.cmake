# R2: a logout ends whatever session there is, not the one it names.
set(source wasm/core/decide_logout.cpp)
set(from [=[!refers_to(transition.state.migration, *logout.session, candidate->created)]=])
set(to [=[false]=])
set(seeds_max 200)
