// The closed list of refusals: PROTOCOL §3, codes of refusal. The codec gives each its text and its sentence.
#pragma once

namespace lockstep {

enum class Code {
    malformed,
    oversized,
    version,
    forbidden,
    rate_limited,
    secret_refused,
    session_ended,
    hub_outdated,
    storage_failed,
    replaced,
};

}  // namespace lockstep
