#include "tests/sim/apps.hpp"

namespace lockstep::sim {

Config acme(Times times, Checking checking, bool has_push, bool ends_with_browser) {
    Config config;
    config.hub = "https://hub.acme.com/";
    config.site = "https://acme.com";
    for (const AppPlace& place : app_places) {
        App app;
        // The previews are listed by a pattern, so that pattern matching is simulated too.
        app.origin = place.name == "preview" ? "https://*.preview.acme.com" : std::string(place.origin);
        app.capabilities.grant(Capability::read);
        if (place.may_login) app.capabilities.grant(Capability::login);
        if (place.may_logout) app.capabilities.grant(Capability::logout);
        if (place.may_touch) app.capabilities.grant(Capability::activity);
        config.apps.push_back(app);
    }
    if (times == Times::idle || times == Times::both) {
        config.times.idle_timeout_ms = 60'000;
        config.times.idle_warning_ms = 10'000;
    }
    if (times == Times::lifetime || times == Times::both) config.times.lifetime_max_ms = 300'000;
    if (checking == Checking::before_expiry || checking == Checking::both) config.times.check_before_expiry_ms = 30'000;
    if (checking == Checking::at_address || checking == Checking::both) config.check_url = check_address;
    config.times.ends_with_browser = ends_with_browser;
    if (has_push) {
        config.push_url = push_address;
        config.issuer = issuer;
    }
    return config;
}

}  // namespace lockstep::sim
