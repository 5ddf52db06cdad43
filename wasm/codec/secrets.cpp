// The names are compared in lower case and without `-` and `_`, since every provider spells them its own way.
#include "wasm/codec/secrets.hpp"

#include <algorithm>
#include <iterator>
#include <string>

namespace lockstep::codec {
namespace {

constexpr std::string_view credential_names[] = {
    "accesstoken", "apikey",          "apitoken",     "authorization", "authtoken",    "bearer",
    "bearertoken", "clientassertion", "clientsecret", "codeverifier",  "cookie",       "credential",
    "credentials", "idtoken",         "jwt",          "passphrase",    "passwd",       "password",
    "privatekey",  "refreshtoken",    "secret",       "secretkey",     "sessiontoken", "setcookie",
    "token",       "xapikey",
};

[[nodiscard]] bool is_base64url(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// `run` holds base64url and dots alone, and begins with a token's header. RFC 7515 allows an empty signature or
// detached payload, RFC 7516 an empty key.
[[nodiscard]] bool has_token_parts(std::string_view run) {
    const auto dots = std::count(run.begin(), run.end(), '.');
    return dots == 2 || dots == 4;
}

}  // namespace

bool looks_like_token(std::string_view text) {
    constexpr std::string_view header_start = "eyJ";  // base64url of `{"`: a JOSE header is a JSON object
    for (auto at = text.find(header_start); at != std::string_view::npos; at = text.find(header_start, at + 1)) {
        if (at > 0 && is_base64url(text[at - 1])) continue;
        const std::string_view rest = text.substr(at);
        const auto end = std::find_if_not(rest.begin(), rest.end(), [](char c) { return is_base64url(c) || c == '.'; });
        if (has_token_parts(rest.substr(0, static_cast<std::size_t>(end - rest.begin())))) return true;
    }
    return false;
}

bool names_credential(std::string_view member_name) {
    std::string bare;
    for (const char c : member_name) {
        if (c != '-' && c != '_') bare += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return std::find(std::begin(credential_names), std::end(credential_names), bare) != std::end(credential_names);
}

}  // namespace lockstep::codec
