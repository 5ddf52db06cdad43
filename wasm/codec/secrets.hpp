// Tells what looks like a token or a password, so that it never reaches the store (R13). It errs towards refusing: an
// app that is refused learns so at once, a token that is stored leaks in silence.
#pragma once

#include <string_view>

namespace lockstep::codec {

// Holds, anywhere in it, a JSON Web Token in compact form: RFC 7519 with a signature (three parts), RFC 7516 encrypted
// (five).
[[nodiscard]] bool looks_like_token(std::string_view text);

// A member name under which credentials travel: `access_token`, `clientSecret`, `API-Key`.
[[nodiscard]] bool names_credential(std::string_view member_name);

}  // namespace lockstep::codec
