#include "wasm/hub/hub_state.hpp"

#include "wasm/codec/cookie_text.hpp"
#include "wasm/codec/record.hpp"

namespace lockstep {
namespace {

// The handshake, and one queued event for each effect of a step, are all that can wait.
constexpr std::size_t queue_max = 64;

[[nodiscard]] bool is_same(const Read& a, const Read& b) {
    const auto* record_a = std::get_if<Record>(&a);
    const auto* record_b = std::get_if<Record>(&b);
    if (record_a == nullptr || record_b == nullptr) return a.index() == b.index();
    return *record_a == *record_b;
}

}  // namespace

std::string stored_text(Medium medium, const Record& record) {
    std::string text = codec::encode_record(record);
    return medium == Medium::cookie ? codec::encode_cookie(text) : text;
}

Read decode_stored(Medium medium, const std::string& text) {
    if (medium != Medium::cookie) return codec::decode_record(text);
    const auto record_text = codec::decode_cookie(text);
    return record_text ? codec::decode_record(*record_text) : read::Unreadable{};
}

std::optional<std::string_view> violated(const HubState& hub) {
    if (const auto broken = violated(hub.core)) return broken;
    if (!hub.is_running && !hub.queue.empty()) return "no event is left in the queue of a hub at rest";
    if (hub.queue.size() > queue_max) return "the queue of events is bounded (R11)";
    if (hub.core.client && hub.core.client->port > hub.port_last) return "a client's port is one that was opened";
    if (hub.record && !is_same(hub.record->read, decode_stored(hub.medium, hub.record->text)))
        return "the decoded record is that of the text beside it";
    return std::nullopt;
}

}  // namespace lockstep
