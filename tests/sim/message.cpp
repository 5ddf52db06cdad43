#include "tests/sim/message.hpp"

#include "wasm/codec/json.hpp"
#include "wasm/codec/logical_timestamp.hpp"

namespace lockstep::sim {
namespace {

using codec::Array;
using codec::get;
using codec::Object;

[[nodiscard]] const codec::Value* member(const Object& object, std::string_view name) {
    for (const codec::Member& each : object) {
        if (each.name == name) return &each.value;
    }
    return nullptr;
}

[[nodiscard]] std::string text_in(const Object& object, std::string_view name) {
    const auto* text = get<std::string>(member(object, name));
    return text == nullptr ? std::string() : *text;
}

[[nodiscard]] std::optional<EpochMs> time_in(const Object& object, std::string_view name) {
    const auto* time = get<std::int64_t>(member(object, name));
    return time == nullptr ? std::nullopt : std::optional(*time);
}

[[nodiscard]] std::optional<ReceivedSnapshot> read_snapshot(const Object& message) {
    const auto* members = get<Object>(member(message, "snapshot"));
    const auto* events = get<Array>(member(message, "events"));
    if (members == nullptr || events == nullptr) return std::nullopt;
    ReceivedSnapshot snapshot;
    snapshot.status = text_in(*members, "status");
    snapshot.reason = text_in(*members, "reason");
    snapshot.ended_by = text_in(*members, "endedBy");
    snapshot.subject = text_in(*members, "subject");
    snapshot.scope = text_in(*members, "scope");
    snapshot.has_claims = member(*members, "claims") != nullptr;
    snapshot.expires_at = time_in(*members, "expiresAt");
    snapshot.idle_at = time_in(*members, "idleAt");
    if (const auto* token = get<std::string>(member(message, "session"))) {
        snapshot.session = codec::decode_token(*token);
        if (!snapshot.session) return std::nullopt;
    }
    if (const auto* token = get<std::string>(member(message, "lastEnd"))) {
        snapshot.last_end = codec::decode_last_end(*token);
        if (!snapshot.last_end) return std::nullopt;
    }
    for (const codec::Value& each : *events) {
        const auto* event = get<Object>(&each);
        if (event == nullptr) return std::nullopt;
        const auto* own = get<bool>(member(*event, "own"));
        snapshot.events.push_back({text_in(*event, "type"), text_in(*event, "reason"), text_in(*event, "endedBy"),
                                   text_in(*event, "from"), own != nullptr && *own});
    }
    return snapshot;
}

[[nodiscard]] MessageType type_named(std::string_view name) {
    if (name == "welcome") return MessageType::welcome;
    if (name == "changed") return MessageType::changed;
    if (name == "reply") return MessageType::reply;
    if (name == "error-notice") return MessageType::notice;
    if (name == "goodbye") return MessageType::goodbye;
    if (name == "duty") return MessageType::duty;
    if (name == "cancel") return MessageType::cancel;
    return MessageType::unreadable;
}

}  // namespace

Message read_message(std::string_view text) {
    const codec::Document document = codec::parse(text);
    const auto* object = get<Object>(&document.root);
    if (!codec::is_strict(document) || object == nullptr) return {};
    Message message;
    message.type = type_named(text_in(*object, "type"));
    if (const auto* error = get<Object>(member(*object, "error"))) message.refused = text_in(*error, "code");
    message.id = static_cast<std::uint32_t>(time_in(*object, "id").value_or(0));
    message.call = static_cast<std::uint32_t>(time_in(*object, "call").value_or(0));
    message.outcome = text_in(*object, "outcome");
    message.duty = text_in(*object, "duty");
    message.reason = text_in(*object, "reason");
    if (message.type == MessageType::welcome || message.type == MessageType::changed) {
        auto snapshot = read_snapshot(*object);
        if (!snapshot) return {};
        message.snapshot = std::move(*snapshot);
    }
    return message;
}

}  // namespace lockstep::sim
