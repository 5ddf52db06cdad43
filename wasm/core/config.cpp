#include "wasm/core/config.hpp"

#include <algorithm>

namespace lockstep {
namespace {

constexpr std::string_view wildcard = "://*.";

// One label for the `*`, every other byte as written: no regular expression, nothing unanchored.
[[nodiscard]] bool matches(std::string_view pattern, std::string_view origin) {
    const auto star = pattern.find(wildcard);
    if (star == std::string_view::npos) return pattern == origin;
    const auto scheme = pattern.substr(0, star + 3);               // "https://"
    const auto tail = pattern.substr(star + wildcard.size() - 1);  // ".preview.acme.com" and the port, if any
    if (!origin.starts_with(scheme) || !origin.ends_with(tail)) return false;
    if (origin.size() <= scheme.size() + tail.size()) return false;  // the label is not empty
    const auto label = origin.substr(scheme.size(), origin.size() - scheme.size() - tail.size());
    return std::all_of(label.begin(), label.end(),
                       [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

[[nodiscard]] std::string_view without_port(std::string_view origin, std::size_t host_begin) {
    const auto colon = origin.find(':', host_begin);
    return origin.substr(0, colon);
}

}  // namespace

std::optional<Capabilities> capabilities_of(const Config& config, std::string_view origin) {
    const App* found = nullptr;
    for (const App& app : config.apps) {
        if (app.origin == origin && app.origin.find('*') == std::string::npos) return app.capabilities;
        if (found == nullptr && app.origin.find('*') != std::string::npos && matches(app.origin, origin)) found = &app;
    }
    if (found == nullptr) return std::nullopt;
    return found->capabilities;
}

bool same_site(const Config& config, std::string_view origin) {
    const auto scheme_end = config.site.find("://");
    if (scheme_end == std::string::npos) return false;
    const std::size_t host_begin = scheme_end + 3;
    if (!origin.starts_with(std::string_view(config.site).substr(0, host_begin))) return false;
    const auto bare = without_port(origin, host_begin);  // sites have no port
    if (bare == config.site) return true;
    const auto domain = std::string_view(config.site).substr(host_begin);
    return bare.size() > host_begin + domain.size() && bare.ends_with(domain) &&
           bare[bare.size() - domain.size() - 1] == '.';
}

}  // namespace lockstep
