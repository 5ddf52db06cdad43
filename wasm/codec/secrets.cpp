// Names are compared in lower case and without `-` and `_`, since each provider spells them differently.
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

}  // namespace

bool is_credential_name(std::string_view member_name) {
    std::string bare;
    for (const char c : member_name) {
        if (c != '-' && c != '_') bare += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return std::find(std::begin(credential_names), std::end(credential_names), bare) != std::end(credential_names);
}

}  // namespace lockstep::codec
