// What the page may call: the exported hub. A window's message comes as it is and is checked in the order of PROTOCOL
// §1 before a byte of it is read: source → origin → size → version → shape. The size of any other text is checked
// before it is copied (interop.hpp).
#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "wasm/browser/browser_platform.hpp"
#include "wasm/browser/interop.hpp"
#include "wasm/codec/config.hpp"
#include "wasm/core/limits.hpp"
#include "wasm/hub/hub.hpp"

namespace lockstep::browser {
namespace {

using emscripten::val;

// From bridge-html/stores.ts, as one number: the names of an object's members would cost more than all that is in them.
[[nodiscard]] StorageCapabilities storage_capabilities_from(unsigned bits) {
    StorageCapabilities storage;
    storage.handle = static_cast<Handle>(bits & 3);
    storage.asking = static_cast<Asking>(bits >> 2 & 3);
    storage.cookie = (bits & 16) != 0;
    storage.met_other_top = (bits & 32) != 0;
    storage.parent_is_top = (bits & 64) != 0;
    return storage;
}

// One module is one hub: it lives as long as its document, and a second one would have nobody to talk to. Free
// functions also spare the page embind's machinery for classes, a third of the script.
struct Page {
    val host;
    BrowserPlatform platform;
    std::optional<Hub> hub;
    PortId port_last = 0;

    explicit Page(const val& page_host) : host(page_host) { use_host(host); }
};

std::unique_ptr<Page> page;

// Makes the hub. Returns null, or the sentence that says what is wrong with the configuration; nothing else may be
// called then.
val create(ConfigText text, val host) {
    page = std::make_unique<Page>(host);
    auto config = text.value ? codec::decode_config(*text.value)
                             : std::variant<Config, std::string>("the configuration is no text, or too long");
    if (const auto* wrong = std::get_if<std::string>(&config)) return text_value(*wrong);
    page->hub.emplace(std::get<Config>(std::move(config)), page->platform);
    return val::null();
}

// Frees all that the hub holds. A page never needs it; a test that counts handles does.
void destroy() { page.reset(); }

void start(OriginText writer, unsigned storage, bool visible) {
    page->hub->started(writer.value.value_or(""), storage_capabilities_from(storage), visible);
}

void window_message(val event) {
    if (!event["source"].strictlyEquals(page->host["window"]["parent"])) return;
    const auto message_port = only_port(event);
    if (!message_port) return;
    const PortId port = ++page->port_last;
    page->platform.add_port(port, *message_port);
    const auto origin = bounded_text(event["origin"], limits::origin_bytes_max);
    if (!page->hub->is_origin_allowed(port, origin.value_or("null"))) return;
    listen(port, *message_port);
    page->hub->hello(port, *origin, bounded_text(event["data"], limits::message_units_max));
}

void port_message(PortId port, MessageText text) { page->hub->message(port, text.value); }

void storage_event(val event) {
    switch (storage_event_kind(event)) {
        case StorageEventKind::none: return;
        case StorageEventKind::changed: return page->hub->store_changed(std::nullopt);
        case StorageEventKind::changed_again:
            return page->hub->store_changed(bounded_text(event["newValue"], limits::record_units_max));
        case StorageEventKind::gone: return page->hub->store_cleared();
    }
}

void woke() { page->hub->woke(); }
// `asked`: because the user was asked.
void placed(unsigned storage, bool asked) {
    page->hub->storage_capabilities_changed(storage_capabilities_from(storage), asked);
}
void timer_fired() { page->hub->timer_fired(); }
void visibility_changed(bool visible) { page->hub->visibility_changed(visible); }
void leaving() { page->hub->leaving(); }
// 0: granted, 1: busy, 2: there are no locks.
void lock_answered(int answer) { page->hub->lock_answered(static_cast<LockAnswer>(answer)); }
void lock_lost() { page->hub->lock_lost(); }
// `text` is null when the address did not answer 200, or not in time.
void check_fetched(CallId call, MessageText text) { page->hub->check_fetched(call, text.value); }
void others_heard() { page->hub->others_heard(); }

// `text` is null when no end is kept, or it could not be read.
void tombstone_read(RecordText text) { page->hub->tombstone_read(text.value ? RawRead(*text.value) : RawRead()); }

void tombstone_stored(WriteId write_id) { page->hub->tombstone_stored(write_id); }

}  // namespace

EMSCRIPTEN_BINDINGS(lockstep_hub) {
    emscripten::function("create", &create);
    emscripten::function("destroy", &destroy);
    emscripten::function("start", &start);
    emscripten::function("windowMessage", &window_message);
    emscripten::function("portMessage", &port_message);
    emscripten::function("storageEvent", &storage_event);
    emscripten::function("woke", &woke);
    emscripten::function("placed", &placed);
    emscripten::function("timerFired", &timer_fired);
    emscripten::function("othersHeard", &others_heard);
    emscripten::function("visibilityChanged", &visibility_changed);
    emscripten::function("leaving", &leaving);
    emscripten::function("lockAnswered", &lock_answered);
    emscripten::function("lockLost", &lock_lost);
    emscripten::function("checkFetched", &check_fetched);
    emscripten::function("keptEndRead", &tombstone_read);
    emscripten::function("endKept", &tombstone_stored);
}

}  // namespace lockstep::browser
