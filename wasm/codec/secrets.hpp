// Recognises tokens and the names of credentials, so that neither reaches the store (R13). It refuses too much rather
// than too little: an app that is refused learns so at once, while a stored token leaks unnoticed.
#pragma once

#include <cstddef>
#include <string_view>

namespace lockstep::codec {

[[nodiscard]] constexpr bool is_base64url(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// True when a JSON Web Token in compact form is anywhere in the text: RFC 7519 with a signature (three parts),
// RFC 7516 encrypted (five). RFC 7515 allows an empty signature or a detached payload, RFC 7516 an empty key.
// One pass, since every allowed app can send such a text. `constexpr` lets a test bound the number of steps.
[[nodiscard]] constexpr bool looks_like_token(std::string_view text) {
    constexpr std::string_view header_start = "eyJ";  // base64url of `{"`: a JOSE header is a JSON object
    constexpr unsigned token = 1U << 2U | 1U << 4U;   // two or four dots after the header
    unsigned headers = 0;  // bit n: a part that starts like a header is n dots before this place
    bool starts_part = true;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (is_base64url(text[at])) {
            if (starts_part && text.substr(at).starts_with(header_start)) headers |= 1U;
            starts_part = false;
            continue;
        }
        starts_part = true;
        if (text[at] == '.') {
            headers <<= 1U;
        } else {
            if ((headers & token) != 0) return true;
            headers = 0;
        }
    }
    return (headers & token) != 0;
}

// True for a member name under which credentials travel: `access_token`, `clientSecret`, `API-Key`.
[[nodiscard]] bool is_credential_name(std::string_view member_name);

}  // namespace lockstep::codec
