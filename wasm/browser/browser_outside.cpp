#include "wasm/browser/browser_outside.hpp"

#include <algorithm>
#include <utility>

#include "wasm/browser/guarded.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::browser {

using emscripten::val;

namespace {

[[nodiscard]] val list_of(const val& first) {
    val list = val::array();
    list.call<void>("push", first);
    return list;
}

// Emscripten joins a lone surrogate with whatever character follows it, and so would read another text than was sent. What it makes of
// the two is four bytes of UTF-8, so a text without such a character is spared the way back and the comparison.
[[nodiscard]] bool is_faithful(const std::string& text, const val& value) {
    const bool spared = std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xF0U; });
    return spared || val(text).strictlyEquals(value);
}

}  // namespace

std::optional<std::string> bounded_text(const val& value, std::size_t units_max) {
    if (!value.isString()) return std::nullopt;
    if (value["length"].as<double>() > static_cast<double>(units_max)) return std::nullopt;
    std::string text = value.as<std::string>();
    if (!is_faithful(text, value)) return std::nullopt;
    return text;
}

BrowserOutside::BrowserOutside(val host) : host_(std::move(host)), window_(host_["window"]) {}

EpochMs BrowserOutside::now() { return static_cast<EpochMs>(host_.call<double>("now")); }

StoreLook BrowserOutside::read_record() {
    // Asked for anew each time: the getter itself throws while storage is blocked, and a user may unblock it.
    const auto storage = guarded_get(window_, "localStorage");
    if (!storage || storage->isNull() || storage->isUndefined()) return StoreBlocked{};
    const auto text = guarded_call(*storage, "getItem", list_of(val(record_key)));
    if (!text) return StoreBlocked{};
    if (text->isNull()) return std::monostate{};
    const auto bounded = bounded_text(*text, limits::record_units_max);
    if (!bounded) return StoreOversized{};
    return *bounded;
}

bool BrowserOutside::write_record(const std::string& text) {
    const auto storage = guarded_get(window_, "localStorage");
    if (!storage || storage->isNull() || storage->isUndefined()) return false;
    val arguments = list_of(val(record_key));
    arguments.call<void>("push", text);
    return guarded_call(*storage, "setItem", arguments).has_value();
}

void BrowserOutside::read_kept_end() { host_.call<void>("readKeptEnd"); }

void BrowserOutside::keep_end(Ticket ticket, const std::string& text) { host_.call<void>("keepEnd", ticket, text); }

void BrowserOutside::send(PortId port, const std::string& text) {
    if (val* found = find_port(port)) found->call<void>("postMessage", text);
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
        host_.call<void>("setTimer", static_cast<double>(*delay_ms));
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
