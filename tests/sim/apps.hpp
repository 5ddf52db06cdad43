// The simulated company: its apps, their capabilities, and the session's times.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "wasm/core/config.hpp"

namespace lockstep::sim {

struct AppPlace {
    std::string_view name;
    std::string_view origin;
    std::uint32_t site;  // browsers that partition storage by site have one store for each
    bool may_login;
    bool may_logout;
    bool may_touch;
};

inline constexpr std::array<AppPlace, 5> app_places{{
    {"portal", "https://portal.acme.com", 0, true, true, true},
    {"billing", "https://billing.acme.com", 0, false, true, true},
    {"reports", "https://reports.acme.com", 0, false, false, false},
    {"preview", "https://pr-7.preview.acme.com", 0, true, true, true},
    {"partner", "https://app.partner.com", 1, true, true, true},
}};
inline constexpr std::uint32_t sites = 2;
inline constexpr std::string_view stranger_origin = "https://portal.acme.com.evil.com";

enum class Times : std::uint8_t { endless, idle, lifetime, both, count };

// Whether a check falls due before the expiry, and whether `check.url` is configured.
enum class Checking : std::uint8_t { never, before_expiry, at_address, both, count };
inline constexpr std::string_view check_address = "https://hub.acme.com/session";

// A server says when a session has ended.
inline constexpr std::string_view push_address = "https://hub.acme.com/events";
inline constexpr std::string_view issuer = "https://login.acme.com";

[[nodiscard]] Config acme(Times times, Checking checking, bool has_push, bool ends_with_browser);

}  // namespace lockstep::sim
