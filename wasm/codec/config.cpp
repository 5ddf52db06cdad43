// Returns the first fault, in few words: `lockstep build` lists all faults and says what to do, before a hub can run.
#include "wasm/codec/config.hpp"

#include <algorithm>
#include <utility>

#include "wasm/codec/digits.hpp"
#include "wasm/codec/json.hpp"
#include "wasm/codec/logical_timestamp.hpp"
#include "wasm/codec/names.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::codec {
namespace {

// Where the fault is and what it is, without the full stop; empty if there is none.
using Fault = std::string_view;

[[nodiscard]] std::string element(std::string_view array, std::size_t index) {
    std::string where(array);
    where += '[';
    append_decimal(where, index);
    return where += ']';
}

// `https://*.preview.acme.com` is an origin without its `*.`. Hosts of other schemes have no labels to stand for.
[[nodiscard]] bool is_origin_or_pattern(std::string text) {
    const auto star = text.find("://*.");
    if (star == std::string::npos) return is_origin(text);
    return is_web_origin(text.erase(star + 3, 2));
}

[[nodiscard]] bool is_web_url(std::string_view text) {
    const auto scheme_end = text.find("://");
    if (scheme_end == std::string_view::npos) return false;
    const auto path = text.find('/', scheme_end + 3);
    return path != std::string_view::npos && is_web_origin(text.substr(0, path));
}

[[nodiscard]] Fault read_capabilities(const Array& names, Capabilities& capabilities) {
    for (const Value& value : names) {
        const auto* name = get<std::string>(&value);
        const auto capability = name == nullptr ? std::nullopt : capability_named(*name);
        if (!capability) return ".can: is no capability";
        if (capabilities.has(*capability)) return ".can: names one twice";
        capabilities.grant(*capability);
    }
    return {};
}

// Its faults do not begin with the place of the app: the caller adds that.
[[nodiscard]] Fault read_app(const Value& value, App& app) {
    const auto* object = get<Object>(&value);
    if (object == nullptr) return ": is no object";
    Members members(*object);
    const auto* origin = get<std::string>(members.take("origin"));
    const auto* can = get<Array>(members.take("can"));
    if (origin == nullptr || !is_origin_or_pattern(*origin)) {
        return ".origin: is no origin";
    }
    if (can == nullptr) return ".can: is no array";
    if (!members.all_taken()) return ": has another member";
    app.origin = *origin;
    return read_capabilities(*can, app.capabilities);
}

[[nodiscard]] std::string read_apps(const Array& array, std::vector<App>& apps) {
    if (array.size() > limits::apps_max) return "apps: are too many";
    apps.reserve(array.size());
    for (const Value& value : array) {
        App app;
        Fault fault = read_app(value, app);
        const auto same = [&](const App& other) { return other.origin == app.origin; };
        if (fault.empty() && std::any_of(apps.begin(), apps.end(), same)) fault = ".origin: is there already";
        if (!fault.empty()) return element("apps", apps.size()).append(fault);
        apps.push_back(std::move(app));
    }
    return {};
}

// False if it is present and no duration.
[[nodiscard]] bool read_duration(Members& members, Name name, std::optional<EpochMs>& duration) {
    const Value* value = members.take(name);
    duration = decode_time(value);
    return value == nullptr || duration.value_or(0) > 0;
}

[[nodiscard]] Fault read_times(const Object& object, SessionTimes& times) {
    Members members(object);
    std::optional<EpochMs> warning;
    if (!read_duration(members, "idleTimeoutMs", times.idle_timeout_ms)) {
        return "session.idleTimeoutMs: is no duration";
    }
    if (!read_duration(members, "idleWarningMs", warning)) return "session.idleWarningMs: is no duration";
    if (!read_duration(members, "maxLifetimeMs", times.lifetime_max_ms)) {
        return "session.maxLifetimeMs: is no duration";
    }
    if (!read_duration(members, "checkBeforeExpiryMs", times.check_before_expiry_ms)) {
        return "session.checkBeforeExpiryMs: is no duration";
    }
    if (const Value* persistence = members.take("persistence")) {
        const auto* name = get<std::string>(persistence);
        if (name == nullptr || *name != "browser") return "session.persistence: is not known";
        times.ends_with_browser = true;
    }
    if (!members.all_taken()) {
        return "session: has another member";
    }
    if (warning && times.idle_timeout_ms && *warning >= *times.idle_timeout_ms) {
        return "session.idleWarningMs: is not below idleTimeoutMs";
    }
    times.idle_warning_ms = warning.value_or(0);
    return {};
}

[[nodiscard]] std::string origin_of_hub(const Config& config) {
    return config.hub.substr(0, config.hub.find('/', config.hub.find("://") + 3) + 1);
}

// The hub sends the user's cookies there, so the URL must be of its own origin. Or the provider is asked: by the page,
// which has checked the values of these members before (bridge-html/ask.ts).
[[nodiscard]] Fault read_check(const Object& object, Config& config) {
    Members members(object);
    const bool asks_provider = members.take("issuer") != nullptr && members.take("clientId") != nullptr;
    const auto* url = get<std::string>(asks_provider ? members.take("authorizationEndpoint") : members.take("url"));
    if (url == nullptr || (!asks_provider && !url->starts_with(origin_of_hub(config))))
        return "check.url: is no URL of the hub's origin";
    if (!members.all_taken()) return "check: has another member";
    config.check_url = *url;
    return {};
}

// The hub's stream has no cookies, but a server of another origin would be somebody else's word.
[[nodiscard]] Fault read_push(const Object& object, const Value* issuer, Config& config) {
    Members members(object);
    const auto* url = get<std::string>(members.take("url"));
    const auto* name = get<std::string>(issuer);
    if (url == nullptr || !url->starts_with(origin_of_hub(config))) return "push.url: is no URL of the hub's origin";
    if (!members.all_taken()) return "push: has another member";
    if (name == nullptr || name->empty()) return "issuer: is missing, and push is for the sessions of one";
    config.push_url = *url;
    config.issuer = *name;
    return {};
}

// Who may be above an app in the page. That is for the policy of the page to say: whatever an embedder may is no right
// here, so the list is checked and not kept.
[[nodiscard]] std::string check_embedders(const Array& array) {
    if (array.size() > limits::apps_max) return "embedders: are too many";
    for (std::size_t index = 0; index < array.size(); ++index) {
        const auto* origin = get<std::string>(&array[index]);
        if (origin == nullptr || !is_origin_or_pattern(*origin)) {
            return element("embedders", index).append(": is no origin");
        }
    }
    return {};
}

[[nodiscard]] std::string read_config(const Object& object, Config& config) {
    Members members(object);
    const auto* hub = get<std::string>(members.take("hub"));
    const auto* site = get<std::string>(members.take("site"));
    const auto* apps = get<Array>(members.take("apps"));
    const Value* embedders = members.take("embedders");
    const Value* session = members.take("session");
    const Value* check = members.take("check");
    const Value* issuer = members.take("issuer");
    const Value* push = members.take("push");
    if (hub == nullptr || !is_web_url(*hub)) return "hub: is no URL";
    if (site == nullptr || !is_web_origin(*site)) {
        return "site: is no site";
    }
    if (apps == nullptr) return "apps: is no array";
    if (!is_absent_or<Array>(embedders)) return "embedders: is no array";
    if (!is_absent_or<Object>(session)) return "session: is no object";
    if (!is_absent_or<Object>(check)) return "check: is no object";
    if (!is_absent_or<std::string>(issuer)) return "issuer: is no text";
    if (!is_absent_or<Object>(push)) return "push: is no object";
    static_cast<void>(members.take("inspect"));  // the page alone acts on it, and `lockstep build` has checked it
    if (!members.all_taken()) return "the configuration: has another member";
    config.hub = *hub;
    config.site = *site;
    std::string fault = read_apps(*apps, config.apps);
    if (fault.empty() && embedders != nullptr) fault = check_embedders(*get<Array>(embedders));
    if (fault.empty() && session != nullptr) fault = read_times(*get<Object>(session), config.times);
    if (fault.empty() && check != nullptr) fault = read_check(*get<Object>(check), config);
    if (fault.empty() && push != nullptr) fault = read_push(*get<Object>(push), issuer, config);
    return fault;
}

[[nodiscard]] std::string read_text(std::string_view text, Config& config) {
    if (text.size() > limits::config_bytes_max) return "the configuration: is too large";
    const Document document = parse(text);
    const auto* object = get<Object>(&document.root);
    if (!document.complete || object == nullptr) return "the configuration: is no JSON object";
    if (document.duplicate) return "the configuration: names a member twice";
    return read_config(*object, config);
}

}  // namespace

std::variant<Config, std::string> decode_config(std::string_view text) {
    Config config;
    std::string fault = read_text(text, config);
    if (!fault.empty()) return fault += '.';
    return config;
}

}  // namespace lockstep::codec
