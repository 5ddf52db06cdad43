// Faults are told one at a time: the command line names them all, this is the last door before the hub runs.
#include "wasm/codec/config.hpp"

#include <algorithm>
#include <utility>

#include "wasm/codec/json.hpp"
#include "wasm/codec/json_writer.hpp"
#include "wasm/codec/names.hpp"
#include "wasm/codec/stamp.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::codec {
namespace {

// What is wrong, or nothing.
using Fault = std::optional<std::string>;

[[nodiscard]] Fault fault(std::string where, std::string_view what) { return where.append(": ").append(what).append("."); }

[[nodiscard]] std::string element(std::string_view array, std::size_t index) {
    std::string where(array);
    where += '[';
    write_integer(where, std::uint64_t{index});
    return where += ']';
}

// `https://*.preview.acme.com` has the shape of an origin once its `*.` is taken away.
[[nodiscard]] bool is_origin_or_pattern(std::string text) {
    if (const auto star = text.find("://*."); star != std::string::npos) text.erase(star + 3, 2);
    return is_origin(text);
}

[[nodiscard]] bool is_hub_url(std::string_view text) {
    const auto scheme_end = text.find("://");
    if (scheme_end == std::string_view::npos) return false;
    const auto path = text.find('/', scheme_end + 3);
    return path != std::string_view::npos && is_origin(text.substr(0, path));
}

[[nodiscard]] Fault read_capabilities(const Array& names, const std::string& where, Capabilities& capabilities) {
    for (const Value& value : names) {
        const std::string* name = get<std::string>(&value);
        const auto capability = name == nullptr ? std::nullopt : capability_named(*name);
        if (!capability) return fault(where, "a capability is one of read, login, logout and activity");
        if (capabilities.has(*capability)) return fault(where, "a capability stands there twice");
        capabilities.grant(*capability);
    }
    return std::nullopt;
}

[[nodiscard]] Fault read_app(const Value& value, const std::string& where, App& app) {
    const Object* object = get<Object>(&value);
    if (object == nullptr) return fault(where, "must be an object");
    Members members(*object);
    const std::string* origin = get<std::string>(members.take("origin"));
    const Array* can = get<Array>(members.take("can"));
    if (origin == nullptr || !is_origin_or_pattern(*origin)) {
        return fault(where + ".origin", "must be an origin as browsers write it, such as https://app.acme.com or https://*.acme.com");
    }
    if (can == nullptr) return fault(where + ".can", "must be an array of capabilities");
    if (!members.all_taken()) return fault(where, "has a member besides origin and can");
    app.origin = *origin;
    return read_capabilities(*can, where + ".can", app.capabilities);
}

[[nodiscard]] Fault read_apps(const Array& array, std::vector<App>& apps) {
    if (array.size() > limits::apps_max) return fault("apps", "holds more than 1024 entries");
    for (std::size_t index = 0; index < array.size(); ++index) {
        App app;
        const std::string where = element("apps", index);
        if (auto wrong = read_app(array[index], where, app)) return wrong;
        const auto same = [&](const App& other) { return other.origin == app.origin; };
        if (std::any_of(apps.begin(), apps.end(), same)) return fault(where + ".origin", "stands there already");
        apps.push_back(std::move(app));
    }
    return std::nullopt;
}

[[nodiscard]] Fault read_duration(Members& members, std::string_view name, std::optional<EpochMs>& duration) {
    const Value* value = members.take(name);
    if (value == nullptr) return std::nullopt;
    duration = decode_time(value);
    if (!duration || *duration == 0) return fault("session." + std::string(name), "must be a positive integer of milliseconds");
    return std::nullopt;
}

[[nodiscard]] Fault read_times(const Object& object, SessionTimes& times) {
    Members members(object);
    std::optional<EpochMs> warning;
    if (auto wrong = read_duration(members, "idleTimeoutMs", times.idle_timeout_ms)) return wrong;
    if (auto wrong = read_duration(members, "idleWarningMs", warning)) return wrong;
    if (auto wrong = read_duration(members, "maxLifetimeMs", times.lifetime_max_ms)) return wrong;
    if (!members.all_taken()) return fault("session", "has a member besides idleTimeoutMs, idleWarningMs and maxLifetimeMs");
    if (warning && times.idle_timeout_ms && *warning >= *times.idle_timeout_ms) {
        return fault("session.idleWarningMs", "must be less than idleTimeoutMs");
    }
    times.idle_warning_ms = warning.value_or(0);
    return std::nullopt;
}

[[nodiscard]] Fault read_config(const Object& object, Config& config) {
    Members members(object);
    const std::string* hub = get<std::string>(members.take("hub"));
    const std::string* site = get<std::string>(members.take("site"));
    const Array* apps = get<Array>(members.take("apps"));
    const Value* session = members.take("session");
    if (hub == nullptr || !is_hub_url(*hub)) return fault("hub", "must be the URL of the hub, such as https://hub.acme.com/");
    if (site == nullptr || !is_origin(*site)) {
        return fault("site", "must be the scheme and registrable domain of the hub, such as https://acme.com");
    }
    if (apps == nullptr) return fault("apps", "must be an array");
    if (!is_absent_or<Object>(session)) return fault("session", "must be an object");
    if (!members.all_taken()) return fault("the configuration", "has a member besides hub, site, apps and session");
    config.hub = *hub;
    config.site = *site;
    if (auto wrong = read_apps(*apps, config.apps)) return wrong;
    return session == nullptr ? std::nullopt : read_times(*get<Object>(session), config.times);
}

}  // namespace

std::variant<Config, std::string> decode_config(std::string_view text) {
    if (text.size() > limits::config_bytes_max) return *fault("the configuration", "is larger than 262144 bytes");
    const Document document = parse(text);
    const Object* object = get<Object>(&document.root);
    if (!document.complete || object == nullptr) return *fault("the configuration", "is no JSON object");
    if (document.duplicate) return *fault("the configuration", "names a member twice");
    Config config;
    if (auto wrong = read_config(*object, config)) return std::move(*wrong);
    return config;
}

}  // namespace lockstep::codec
