// What the page may call. A window's message comes as it is and is checked in the order of PROTOCOL §1 before a byte of
// it is read: source → origin → size → version → shape. The size of any other text is compared before the text is
// copied (bounded_text).
#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "wasm/browser/browser_platform.hpp"
#include "wasm/codec/config.hpp"
#include "wasm/core/cookie_key.hpp"
#include "wasm/core/limits.hpp"
#include "wasm/hub/hub.hpp"

namespace lockstep::browser {
namespace {

// Embind passes a value by value: to it a reference is another type, which nobody has registered.
using emscripten::val;

// From bridge-html/backends.ts, as one number.
[[nodiscard]] StorageCapabilities storage_capabilities_from(unsigned bits) {
    StorageCapabilities capabilities;
    capabilities.handle = static_cast<Handle>(bits & 3U);
    capabilities.asking = static_cast<Asking>((bits >> 2U) & 3U);
    capabilities.cookie = (bits & 16U) != 0;
    capabilities.met_other_top = (bits & 32U) != 0;
    capabilities.parent_is_top = (bits & 64U) != 0;
    capabilities.marked = (bits & 128U) != 0;
    capabilities.marked_elsewhere = (bits & 256U) != 0;
    capabilities.record_in_cookie = (bits & 512U) != 0;
    return capabilities;
}

// One module is one hub. It lives as long as its document: a second one would have nobody to talk to.
struct Page {
    BrowserPlatform platform;
    Hub hub;

    Page(Config config, val callbacks) : platform(std::move(callbacks)), hub(std::move(config), platform) {}
};

std::unique_ptr<Page> page;

// Makes the hub. Returns null, or the sentence that says what is wrong with the configuration; nothing else may be
// called then.
val create(val config_text, val callbacks) {
    const auto text = bounded_text(config_text, limits::config_bytes_max);
    auto config = text ? codec::decode_config(*text)
                       : std::variant<Config, std::string>("the configuration is no text, or too long");
    if (const auto* wrong = std::get_if<std::string>(&config)) return val(*wrong);
    page = std::make_unique<Page>(std::get<Config>(std::move(config)), std::move(callbacks));
    return val::null();
}

// The conversation about the key begins before there is a hub.
CookieKey cookie_key;

// Too long, it is as good as none: such a key is no hub's.
[[nodiscard]] std::string cookie_text(const val& text) {
    return bounded_text(text, limits::record_units_max).value_or("");
}

// `values` and `written` are as KeySeen has them; `bits`: its other members. The page performs what is decided before
// this returns, and may call it again meanwhile.
void cookie_key_seen(unsigned event, unsigned bits, val values, val written, val jar) {
    const std::string values_text = cookie_text(values);
    const std::string written_text = cookie_text(written);
    const KeySeen seen{
        static_cast<KeyEvent>(event), values_text, written_text, (bits & 1U) != 0, (bits & 2U) != 0, (bits & 4U) != 0};
    const KeyDecision decision = decide_key(cookie_key, seen);
    unsigned acts = decision.acts;
    const std::string key(decision.key);
    jar.call<void>("perform", acts, key);
}

// Frees all that the hub holds. A page never needs it; a test that counts handles does.
void destroy() { page.reset(); }

// `browser_start`: the first hub since the browser was started. `hubs_in_tab`: this one, and those that were there.
void start(val writer, unsigned storage_capabilities, bool visible, bool browser_start, unsigned hubs_in_tab) {
    page->hub.started(bounded_text(writer, limits::writer_bytes_max).value_or(""),
                      storage_capabilities_from(storage_capabilities), visible, browser_start, hubs_in_tab);
}

void window_message(val event) {
    if (!event["source"].strictlyEquals(page->platform.parent())) return;
    if (page->hub.is_flooded()) return;  // not even its port is opened
    const val ports = event["ports"];
    if (ports["length"].as<unsigned>() != 1) return;
    const PortId port = page->hub.next_port();
    page->platform.open_port(port, ports[0]);
    const auto origin = bounded_text(event["origin"], limits::origin_bytes_max);
    if (!origin || !page->hub.is_origin_allowed(*origin)) return page->platform.close_port(port);
    page->hub.hello(port, *origin, bounded_text(event["data"], limits::message_units_max));
}

void port_message(PortId port, val text) {
    if (!text.isString()) return page->hub.not_a_text(port);
    page->hub.message(port, bounded_text(text, limits::message_units_max));
}

void storage_event(val event) {
    const val key = event["key"];
    if (!key.isNull() && !key.strictlyEquals(page->platform.record_key())) return;
    if (!event["storageArea"].strictlyEquals(page->platform.backend())) return;
    const val text = event["newValue"];
    if (key.isNull() || text.isNull()) return page->hub.store_cleared();  // R4: an explicit clear
    page->hub.store_changed(bounded_text(text, limits::record_units_max));
}

// `companion_left`: what the user's clearing takes along is still there.
void cookie_gone(bool companion_left) { page->hub.cookie_gone(companion_left); }
void woke() { page->hub.woke(); }
// `asked`: because the user was asked.
void storage_capabilities_changed(unsigned capabilities, bool asked) {
    page->hub.storage_capabilities_changed(storage_capabilities_from(capabilities), asked);
}
void timer_fired() { page->hub.timer_fired(); }
void visibility_changed(bool visible) { page->hub.visibility_changed(visible); }
void leaving() { page->hub.leaving(); }
void freezing() { page->hub.freezing(); }
// 0: granted, 1: busy, 2: there are no locks.
void lock_answered(int answer) { page->hub.lock_answered(static_cast<LockAnswer>(answer)); }
void lock_lost() { page->hub.lock_lost(); }
// `text` is null when the address did not answer 200, or not in time.
void check_fetched(CallId call, val text) {
    page->hub.check_fetched(call, bounded_text(text, limits::message_units_max));
}
void stream_opened(StreamId stream) { page->hub.stream_opened(stream); }
void stream_failed(StreamId stream) { page->hub.stream_failed(stream); }
void end_pushed(StreamId stream) { page->hub.end_pushed(stream); }
// `text` is null when there is no tombstone, or it could not be read.
void tombstone_read(val text) { page->hub.tombstone_read(bounded_text(text, limits::record_units_max)); }
void tombstone_stored(WriteId write_id) { page->hub.tombstone_stored(write_id); }

}  // namespace

EMSCRIPTEN_BINDINGS(lockstep_hub) {
    emscripten::function("create", &create);
    emscripten::function("destroy", &destroy);
    emscripten::function("cookieKeySeen", &cookie_key_seen);
    emscripten::function("start", &start);
    emscripten::function("windowMessage", &window_message);
    emscripten::function("portMessage", &port_message);
    emscripten::function("storageEvent", &storage_event);
    emscripten::function("cookieGone", &cookie_gone);
    emscripten::function("woke", &woke);
    emscripten::function("storageCapabilitiesChanged", &storage_capabilities_changed);
    emscripten::function("timerFired", &timer_fired);
    emscripten::function("visibilityChanged", &visibility_changed);
    emscripten::function("leaving", &leaving);
    emscripten::function("freezing", &freezing);
    emscripten::function("lockAnswered", &lock_answered);
    emscripten::function("lockLost", &lock_lost);
    emscripten::function("checkFetched", &check_fetched);
    emscripten::function("streamOpened", &stream_opened);
    emscripten::function("streamFailed", &stream_failed);
    emscripten::function("endPushed", &end_pushed);
    emscripten::function("tombstoneRead", &tombstone_read);
    emscripten::function("tombstoneStored", &tombstone_stored);
}

}  // namespace lockstep::browser
