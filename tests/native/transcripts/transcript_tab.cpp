#include "tests/native/transcripts/transcript_tab.hpp"

#include <utility>

#include "wasm/codec/cookie_text.hpp"
#include "wasm/codec/names.hpp"

namespace lockstep::test {

TranscriptTab::TranscriptTab(World& world, std::string name, Config config, Origin origin)
    : world_(world),
      name_(std::move(name)),
      origin_(origin),
      handle_(world.storage.handle),
      cookie_(origin == Origin::written && world.storage.cookie),
      hub_(std::move(config), *this) {}

void TranscriptTab::start(std::string writer, bool visible, bool browser_start, std::int64_t hubs_in_tab) {
    hub_.started(std::move(writer), world_.storage, visible, browser_start, hubs_in_tab);
}

void TranscriptTab::hello(const std::string& origin, const std::string& last) {
    std::string text = R"({"lockstep":1,"type":"hello","client":"0.1.0")";
    if (!last.empty()) text += R"(,"last":)" + last;
    hello_text(origin, text + "}");
}

void TranscriptTab::hello_text(const std::string& origin, const std::string& text) {
    if (hub_.is_flooded()) return;
    app_ = origin;
    const PortId opened = hub_.next_port();
    ports_.push_back(opened);
    if (!hub_.is_origin_allowed(origin)) return close_port(opened);
    hub_.hello(opened, origin, text);
}

void TranscriptTab::capabilities_changed(const StorageCapabilities& storage, bool asked) {
    handle_ = storage.handle;
    if (origin_ == Origin::written) cookie_ = storage.cookie;
    hub_.storage_capabilities_changed(storage, asked);
}

void TranscriptTab::storage_event(const std::optional<std::string>& text) {
    const bool is_encoded = origin_ == Origin::recorded && cookie_ && text;
    hub_.store_changed(is_encoded ? codec::encode_cookie(*text) : text);
}

// What a hub of the browser has read, the lines before its input have put into the one record.
std::optional<std::string>& TranscriptTab::record() {
    const bool is_apart = origin_ == Origin::written && handle_ == Handle::none && !cookie_;
    return is_apart ? world_.partition : world_.record;
}

RawRead TranscriptTab::read_record() {
    if (world_.blocked) return StoreBlocked{};
    if (!record()) return std::monostate{};
    return cookie_ ? codec::encode_cookie(*record()) : *record();
}

bool TranscriptTab::write_record(const std::string& stored) {
    const std::string text = cookie_ ? codec::decode_cookie(stored).value() : stored;
    const bool refused = world_.blocked || world_.full;
    effect() << (refused ? "cannot store " : "stores ") << text << '\n';
    if (!refused) record() = text;
    return !refused;
}

void TranscriptTab::use_backend(Medium medium) {
    effect() << "uses " << codec::name_of(medium) << '\n';
    if (origin_ == Origin::recorded) cookie_ = medium == Medium::cookie;
}

void TranscriptTab::show_button(const std::string& label, const std::string& style) {
    effect() << "shows a button " << label << " [" << style << "]\n";
}

void TranscriptTab::read_tombstone() {
    if (origin_ == Origin::written) return hub_.tombstone_read(world_.tombstone);
    effect() << "asks for the tombstone\n";
}

void TranscriptTab::store_tombstone(WriteId write_id, const std::string& text) {
    effect() << "stores the tombstone " << text << '\n';
    if (origin_ == Origin::recorded) return;
    world_.tombstone = text;
    hub_.tombstone_stored(write_id);
}

void TranscriptTab::fetch_check(CallId call, const std::string& url) {
    effect() << "fetches " << url << " as " << call << '\n';
}

void TranscriptTab::open_stream(StreamId stream, const std::string& url, const std::string& session,
                                const std::string& subject, EpochMs signed_in_at, bool steals) {
    effect() << (steals ? "takes over the stream " : "wants the stream ") << stream << " of " << url << " for ["
             << session << "] and " << subject << " since " << signed_in_at << '\n';
}

void TranscriptTab::close_port(PortId port) {
    effect() << "closes port " << port << '\n';
    std::erase(ports_, port);
}

void TranscriptTab::set_timer(std::optional<EpochMs> delay_ms) {
    if (delay_ms) {
        effect() << "wants to be woken in " << *delay_ms << " ms\n";
    } else {
        effect() << "needs no timer\n";
    }
}

}  // namespace lockstep::test
