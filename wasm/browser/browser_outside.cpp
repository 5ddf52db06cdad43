#include "wasm/browser/browser_outside.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "wasm/browser/crossing.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::browser {

using emscripten::val;

BrowserOutside::BrowserOutside(val host) : host_(std::move(host)) {}

EpochMs BrowserOutside::now() { return static_cast<EpochMs>(now_of(host_)); }

StoreLook BrowserOutside::read_record() { return read_storage(host_); }

bool BrowserOutside::write_record(const std::string& text) { return write_storage(host_, text); }

void BrowserOutside::use_store(Medium medium) { call_host(host_, "useStore", static_cast<int>(medium)); }

void BrowserOutside::show_button(const std::string& label, const std::string& style) {
    lockstep::browser::show_button(host_, label, style);
}

bool BrowserOutside::let_others_hear() { return call_host(host_, "letOthersHear"); }

void BrowserOutside::read_kept_end() { call_host(host_, "readKeptEnd"); }

void BrowserOutside::keep_end(Ticket ticket, const std::string& text) { call_host(host_, "keepEnd", static_cast<int>(ticket), text); }

void BrowserOutside::ask_lock(bool steal) { call_host(host_, steal ? "stealLock" : "askLock"); }

void BrowserOutside::release_lock() { call_host(host_, "releaseLock"); }

void BrowserOutside::fetch_check(CallId call, const std::string& url) { call_host(host_, "fetchCheck", static_cast<int>(call), url); }

void BrowserOutside::cancel_check(CallId call) { call_host(host_, "cancelCheck", static_cast<int>(call)); }

void BrowserOutside::send(PortId port, const std::string& text) {
    if (val* found = find_port(port)) post_text(*found, text);
}

void BrowserOutside::close_port(PortId port) {
    val* found = find_port(port);
    if (found == nullptr) return;
    lockstep::browser::close_port(*found);
    ports_.erase(std::find_if(ports_.begin(), ports_.end(), [&](const auto& each) { return each.first == port; }));
}

void BrowserOutside::set_timer(std::optional<EpochMs> delay_ms) {
    // A browser's timer holds no more; it fires early then, and is asked for again (R8).
    call_host(host_, "setTimer", static_cast<int>(std::min<EpochMs>(delay_ms.value_or(-1), std::numeric_limits<int>::max())));
}

void BrowserOutside::add_port(PortId port, const val& message_port) { ports_.emplace_back(port, message_port); }

val* BrowserOutside::find_port(PortId port) {
    for (auto& [id, message_port] : ports_) {
        if (id == port) return &message_port;
    }
    return nullptr;
}

}  // namespace lockstep::browser
