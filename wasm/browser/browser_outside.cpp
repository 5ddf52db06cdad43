#include "wasm/browser/browser_outside.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "wasm/browser/crossing.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::browser {

using emscripten::val;

BrowserOutside::BrowserOutside(val host) : host_(std::move(host)), window_(host_["window"]) {}

EpochMs BrowserOutside::now() { return static_cast<EpochMs>(now_of(host_)); }

StoreLook BrowserOutside::read_record() { return read_storage(window_, limits::record_units_max); }

bool BrowserOutside::write_record(const std::string& text) { return write_storage(window_, text); }

bool BrowserOutside::let_others_hear() { return host_.call<bool>("letOthersHear"); }

void BrowserOutside::read_kept_end() { host_.call<void>("readKeptEnd"); }

void BrowserOutside::keep_end(Ticket ticket, const std::string& text) { host_.call<void>("keepEnd", ticket, text_value(text)); }

void BrowserOutside::ask_lock(bool steal) { host_.call<void>("askLock", steal); }

void BrowserOutside::release_lock() { host_.call<void>("releaseLock"); }

void BrowserOutside::fetch_check(CallId call, const std::string& url) { host_.call<void>("fetchCheck", call, text_value(url)); }

void BrowserOutside::cancel_check(CallId call) { host_.call<void>("cancelCheck", call); }

void BrowserOutside::send(PortId port, const std::string& text) {
    if (val* found = find_port(port)) post_text(*found, text);
}

void BrowserOutside::close_port(PortId port) {
    val* found = find_port(port);
    if (found == nullptr) return;
    found->set("onmessage", val::null());
    found->call<void>("close");
    ports_.erase(std::find_if(ports_.begin(), ports_.end(), [&](const auto& each) { return each.first == port; }));
}

void BrowserOutside::set_timer(std::optional<EpochMs> delay_ms) {
    if (delay_ms) {
        // A browser's timer holds no more; it fires early then, and is asked for again (R8).
        host_.call<void>("setTimer", static_cast<int>(std::min<EpochMs>(*delay_ms, std::numeric_limits<int>::max())));
    } else {
        host_.call<void>("setTimer", val::null());
    }
}

void BrowserOutside::add_port(PortId port, const val& message_port) { ports_.emplace_back(port, message_port); }

val* BrowserOutside::find_port(PortId port) {
    for (auto& [id, message_port] : ports_) {
        if (id == port) return &message_port;
    }
    return nullptr;
}

}  // namespace lockstep::browser
