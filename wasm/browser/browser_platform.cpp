#include "wasm/browser/browser_platform.hpp"

#include <algorithm>
#include <limits>

#include "wasm/browser/interop.hpp"

namespace lockstep::browser {

using emscripten::val;

EpochMs BrowserPlatform::now() { return static_cast<EpochMs>(browser::now()); }

RawRead BrowserPlatform::read_record() { return read_storage(); }

bool BrowserPlatform::write_record(const std::string& text) { return write_storage(text); }

void BrowserPlatform::use_store(Medium medium) { call_host("useStore", static_cast<int>(medium)); }

void BrowserPlatform::show_button(const std::string& label, const std::string& style) {
    browser::show_button(label, style);
}

bool BrowserPlatform::let_others_hear() { return browser::let_others_hear(); }

void BrowserPlatform::read_tombstone() { call_host("readKeptEnd"); }

void BrowserPlatform::store_tombstone(WriteId write_id, const std::string& text) {
    call_host("keepEnd", static_cast<int>(write_id), text.c_str());
}

void BrowserPlatform::ask_lock(bool steal) { call_host(steal ? "stealLock" : "askLock"); }

void BrowserPlatform::release_lock() { call_host("releaseLock"); }

void BrowserPlatform::fetch_check(CallId call, const std::string& url) {
    call_host("fetchCheck", static_cast<int>(call), url.c_str());
}

void BrowserPlatform::cancel_check(CallId call) { call_host("cancelCheck", static_cast<int>(call)); }

void BrowserPlatform::send(PortId port, const std::string& text) {
    if (val* found = find_port(port)) post_text(*found, text);
}

void BrowserPlatform::close_port(PortId port) {
    val* found = find_port(port);
    if (found == nullptr) return;
    browser::close_port(*found);
    ports_.erase(std::find_if(ports_.begin(), ports_.end(), [&](const auto& each) { return each.first == port; }));
}

void BrowserPlatform::set_timer(std::optional<EpochMs> delay_ms) {
    // A browser's timer holds no more; it fires early then, and is asked for again (R8).
    browser::set_timer(static_cast<int>(std::min<EpochMs>(delay_ms.value_or(-1), std::numeric_limits<int>::max())));
}

void BrowserPlatform::add_port(PortId port, const val& message_port) { ports_.emplace_back(port, message_port); }

val* BrowserPlatform::find_port(PortId port) {
    for (auto& [id, message_port] : ports_) {
        if (id == port) return &message_port;
    }
    return nullptr;
}

}  // namespace lockstep::browser
