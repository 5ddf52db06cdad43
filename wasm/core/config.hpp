// What the hub's owner allows: which origins, to do what, and the session's times. Built by `lockstep build`,
// decoded by the codec, constant for the life of a hub.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wasm/core/record.hpp"

namespace lockstep {

enum class Capability : std::uint8_t { read = 1, login = 2, logout = 4, activity = 8 };

class Capabilities {
public:
    void grant(Capability capability) {
        bits_ = static_cast<std::uint8_t>(bits_ | static_cast<std::uint8_t>(capability));
    }
    [[nodiscard]] bool has(Capability capability) const { return (bits_ & static_cast<std::uint8_t>(capability)) != 0; }
    [[nodiscard]] bool operator==(const Capabilities&) const = default;

private:
    std::uint8_t bits_ = 0;
};

struct App {
    std::string origin;  // canonical; or with a leftmost label `*`, which is a pattern for exactly one label
    Capabilities capabilities;
};

struct SessionTimes {
    std::optional<EpochMs> idle_timeout_ms;
    EpochMs idle_warning_ms = 0;
    std::optional<EpochMs> lifetime_max_ms;
    std::optional<EpochMs> check_before_expiry_ms;
    bool ends_with_browser = false;
};

struct Config {
    std::string hub;   // URL of the deployed hub
    std::string site;  // scheme and registrable domain of the hub: "https://acme.com"
    std::vector<App> apps;
    SessionTimes times;
    std::string check_url;  // whom the hub itself asks (R6): its server, or the provider; empty for nobody
    std::string push_url;   // where a server says that a session has ended; empty without one
    std::string issuer;     // whose sessions these are: the provider's issuer identifier; empty without a push_url
};

// What the allow-list grants this origin, or nothing. The origin is compared as the browser wrote it: exact bytes,
// and one label for a leading `*`. "null" never matches. An exact entry wins over a pattern.
[[nodiscard]] std::optional<Capabilities> capabilities_of(const Config& config, std::string_view origin);

// True when `origin` has the scheme and registrable domain of the hub's site.
[[nodiscard]] bool same_site(const Config& config, std::string_view origin);

}  // namespace lockstep
