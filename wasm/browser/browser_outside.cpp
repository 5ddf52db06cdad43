#include "wasm/browser/browser_outside.hpp"

#include <algorithm>
#include <limits>

#include "wasm/browser/crossing.hpp"

namespace lockstep::browser {

using emscripten::val;

EpochMs BrowserOutside::now() { return static_cast<EpochMs>(browser::now()); }

StoreLook BrowserOutside::read_record() { return read_storage(); }

bool BrowserOutside::write_record(const std::string& text) { return write_storage(text); }

void BrowserOutside::use_store(Medium medium) { call_host("useStore", static_cast<int>(medium)); }

void BrowserOutside::show_button(const std::string& label, const std::string& style) { browser::show_button(label, style); }

bool BrowserOutside::let_others_hear() { return browser::let_others_hear(); }

void BrowserOutside::read_kept_end() { call_host("readKeptEnd"); }

void BrowserOutside::keep_end(Ticket ticket, const std::string& text) { call_host("keepEnd", static_cast<int>(ticket), text.c_str()); }

void BrowserOutside::ask_lock(bool steal) { call_host(steal ? "stealLock" : "askLock"); }

void BrowserOutside::release_lock() { call_host("releaseLock"); }

void BrowserOutside::fetch_check(CallId call, const std::string& url) { call_host("fetchCheck", static_cast<int>(call), url.c_str()); }

void BrowserOutside::cancel_check(CallId call) { call_host("cancelCheck", static_cast<int>(call)); }

void BrowserOutside::send(PortId port, const std::string& text) {
    if (val* found = find_port(port)) post_text(*found, text);
}

void BrowserOutside::close_port(PortId port) {
    val* found = find_port(port);
    if (found == nullptr) return;
    browser::close_port(*found);
    ports_.erase(std::find_if(ports_.begin(), ports_.end(), [&](const auto& each) { return each.first == port; }));
}

void BrowserOutside::set_timer(std::optional<EpochMs> delay_ms) {
    // A browser's timer holds no more; it fires early then, and is asked for again (R8).
    browser::set_timer(static_cast<int>(std::min<EpochMs>(delay_ms.value_or(-1), std::numeric_limits<int>::max())));
}

void BrowserOutside::add_port(PortId port, const val& message_port) { ports_.emplace_back(port, message_port); }

val* BrowserOutside::find_port(PortId port) {
    for (auto& [id, message_port] : ports_) {
        if (id == port) return &message_port;
    }
    return nullptr;
}

}  // namespace lockstep::browser
