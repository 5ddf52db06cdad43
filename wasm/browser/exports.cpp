// What the page may call: the exported hub. A window's message comes as it is and is checked in the order of PROTOCOL §1 before a byte of
// it is read: source → origin → size → version → shape. The size of any other text is checked before it is copied (crossing.hpp).
#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "wasm/browser/browser_outside.hpp"
#include "wasm/browser/crossing.hpp"
#include "wasm/codec/config.hpp"
#include "wasm/codec/hub.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::browser {
namespace {

using emscripten::val;

// From bridge-html/stores.ts, as one number: the names of an object's members would cost more than all that is in them.
[[nodiscard]] Placement placement_from(unsigned bits) {
    Placement placement;
    placement.handle = static_cast<Handle>(bits & 3);
    placement.asking = static_cast<Asking>(bits >> 2 & 3);
    placement.cookie = (bits & 16) != 0;
    placement.met_other_top = (bits & 32) != 0;
    placement.parent_is_top = (bits & 64) != 0;
    return placement;
}

// One module is one hub: it lives as long as its document, and a second one would have nobody to talk to. Free functions also spare
// the page embind's machinery for classes, a third of the script.
struct Page {
    val host;
    BrowserOutside outside;
    std::optional<Hub> hub;
    PortId port_last = 0;

    explicit Page(const val& page_host) : host(page_host) { use_host(host); }
};

std::unique_ptr<Page> page;

// Makes the hub. Returns null, or the sentence that says what is wrong with the configuration; nothing else may be called then.
val create(ConfigText text, val host) {
    page = std::make_unique<Page>(host);
    auto config =
        text.value ? codec::decode_config(*text.value) : std::variant<Config, std::string>("the configuration is no text, or too long");
    if (const auto* wrong = std::get_if<std::string>(&config)) return text_value(*wrong);
    page->hub.emplace(std::get<Config>(std::move(config)), page->outside);
    return val::null();
}

// Frees all that the hub holds. A page never needs it; a test that counts handles does.
void destroy() { page.reset(); }

void start(OriginText writer, unsigned placement, bool visible) {
    page->hub->started(writer.value.value_or(""), placement_from(placement), visible);
}

void window_message(val event) {
    if (!event["source"].strictlyEquals(page->host["window"]["parent"])) return;
    const auto message_port = only_port(event);
    if (!message_port) return;
    const PortId port = ++page->port_last;
    page->outside.add_port(port, *message_port);
    const auto origin = bounded_text(event["origin"], limits::origin_bytes_max);
    if (!page->hub->admits(port, origin.value_or("null"))) return;
    listen(port, *message_port);
    page->hub->hello(port, *origin, bounded_text(event["data"], limits::message_units_max));
}

void port_message(PortId port, MessageText text) { page->hub->message(port, text.value); }

void storage_event(val event) {
    switch (storage_news(event)) {
        case StorageNews::none: return;
        case StorageNews::changed: return page->hub->store_changed(std::nullopt);
        case StorageNews::changed_again: return page->hub->store_changed(bounded_text(event["newValue"], limits::record_units_max));
        case StorageNews::gone: return page->hub->store_cleared();
    }
}

void woke() { page->hub->woke(); }
// `asked`: because the user was asked.
void placed(unsigned placement, bool asked) { page->hub->placement_changed(placement_from(placement), asked); }
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
void kept_end_read(RecordText text) { page->hub->kept_end_read(text.value ? StoreLook(*text.value) : StoreLook()); }

void end_kept(Ticket ticket) { page->hub->end_kept(ticket); }

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
    emscripten::function("keptEndRead", &kept_end_read);
    emscripten::function("endKept", &end_kept);
}

}  // namespace lockstep::browser
