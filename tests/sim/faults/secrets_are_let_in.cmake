# R13: claims are not searched for credentials.
set(source wasm/codec/wire_decode.cpp)
set(from [=[holds_secret(*claims_member)]=])
set(to [=[false]=])
set(seeds_max 200)
