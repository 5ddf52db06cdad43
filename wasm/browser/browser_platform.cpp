#include "wasm/browser/browser_platform.hpp"

#include <utility>

#include "wasm/codec/utf8.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::browser {

using emscripten::val;

std::optional<std::string> bounded_text(const val& value, std::size_t units_max) {
    if (!value.isString() || value["length"].as<std::size_t>() > units_max) return std::nullopt;
    return codec::utf8_of(value.as<std::u16string>());
}

BrowserPlatform::BrowserPlatform(val callbacks) : callbacks_(std::move(callbacks)) {}

EpochMs BrowserPlatform::now() { return static_cast<EpochMs>(callbacks_.call<double>("now")); }

RawRead BrowserPlatform::read_record() {
    const val value = callbacks_.call<val>("readRecord");
    if (value.isUndefined()) return StoreBlocked{};
    if (value.isNull()) return std::monostate{};
    auto text = bounded_text(value, limits::record_units_max);
    return text ? RawRead(*std::move(text)) : StoreOversized{};
}

bool BrowserPlatform::write_record(const std::string& text) { return callbacks_.call<bool>("writeRecord", text); }

void BrowserPlatform::use_backend(Medium medium) { callbacks_.call<void>("useBackend", static_cast<int>(medium)); }

void BrowserPlatform::mark_store() { callbacks_.call<void>("markStore"); }

void BrowserPlatform::abandon_cookie() { callbacks_.call<void>("abandonCookie"); }

void BrowserPlatform::show_button(const std::string& label, const std::string& style) {
    callbacks_.call<void>("showButton", label, style);
}

void BrowserPlatform::read_tombstone() { callbacks_.call<void>("readTombstone"); }

void BrowserPlatform::store_tombstone(WriteId write_id, const std::string& text) {
    callbacks_.call<void>("storeTombstone", write_id, text);
}

void BrowserPlatform::request_lock() { callbacks_.call<void>("requestLock"); }

void BrowserPlatform::steal_lock() { callbacks_.call<void>("stealLock"); }

void BrowserPlatform::release_lock() { callbacks_.call<void>("releaseLock"); }

void BrowserPlatform::fetch_check(CallId call, const std::string& url) {
    callbacks_.call<void>("fetchCheck", call, url);
}

void BrowserPlatform::cancel_check(CallId call) { callbacks_.call<void>("cancelCheck", call); }

void BrowserPlatform::open_stream(StreamId stream, const std::string& url, const std::string& session,
                                  const std::string& subject, EpochMs signed_in_at, bool steals) {
    callbacks_.call<void>("openStream", stream, url, session, subject, static_cast<double>(signed_in_at), steals);
}

void BrowserPlatform::close_stream() { callbacks_.call<void>("closeStream"); }

void BrowserPlatform::send(PortId port, const std::string& text) { callbacks_.call<void>("send", port, text); }

void BrowserPlatform::close_port(PortId port) { callbacks_.call<void>("closePort", port); }

void BrowserPlatform::set_timer(std::optional<EpochMs> delay_ms) {
    callbacks_.call<void>("setTimer", delay_ms ? val(static_cast<double>(*delay_ms)) : val::null());
}

val BrowserPlatform::parent() const { return callbacks_["parent"]; }

val BrowserPlatform::record_key() const { return callbacks_["recordKey"]; }

val BrowserPlatform::backend() const { return callbacks_.call<val>("backend"); }

void BrowserPlatform::open_port(PortId port, const val& message_port) {
    callbacks_.call<void>("openPort", port, message_port);
}

}  // namespace lockstep::browser
