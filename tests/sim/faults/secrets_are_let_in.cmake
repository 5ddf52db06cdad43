# R13: claims are not searched for credentials.
set(source wasm/codec/wire_decode.cpp)
set(from [=[    if (claims_member != nullptr && holds_secret(*claims_member)) return Refusal{Code::secret_refused, id};
]=])
set(to [=[]=])
set(seeds_max 200)
