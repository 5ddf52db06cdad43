// From the app to the hub: PROTOCOL §2. The shape is checked first, then for secrets, then the bounds of single members: an app
// that sends a token is told so, and not that its token is too long.
#include <cstdint>
#include <limits>
#include <utility>

#include "wasm/codec/claims.hpp"
#include "wasm/codec/json.hpp"
#include "wasm/codec/secrets.hpp"
#include "wasm/codec/stamp.hpp"
#include "wasm/codec/wire.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::codec {
namespace {

constexpr std::size_t client_bytes_max = 32;

// Zero when the text shows none, or more than one. Read even where the rest is refused, so that the request is answered.
[[nodiscard]] RequestId readable_id(const Document& document) {
    const Object* object = get<Object>(&document.root);
    if (object == nullptr) return 0;
    RequestId id = 0;
    for (const Member& member : *object) {
        if (member.name != "id") continue;
        const std::int64_t* integer = get<std::int64_t>(&member.value);
        if (id != 0 || integer == nullptr || *integer < 1 || *integer > std::numeric_limits<std::int32_t>::max()) return 0;
        id = static_cast<RequestId>(*integer);
    }
    return id;
}

using Decoded = std::variant<Event, Refusal>;

[[nodiscard]] Decoded decode_login(Members& members, PortId port, RequestId id) {
    const std::string* subject = get<std::string>(members.take("subject"));
    const Value* session_member = members.take("sessionId");
    const Value* expires_member = members.take("expiresAt");
    const Value* claims_member = members.take("claims");
    const std::string* session_id = get<std::string>(session_member);
    const auto expires_at = decode_time(expires_member);
    const auto claims = claims_member == nullptr ? std::string() : canonical_claims(*claims_member);

    if (!members.all_taken() || id == 0 || subject == nullptr || subject->empty()) return Refusal{Code::malformed, id};
    if (!is_absent_or<std::string>(session_member) || (session_id != nullptr && session_id->empty())) return Refusal{Code::malformed, id};
    if ((expires_member != nullptr && !expires_at) || !claims) return Refusal{Code::malformed, id};

    if (looks_like_token(*subject) || (session_id != nullptr && looks_like_token(*session_id))) return Refusal{Code::secret_refused, id};
    if (claims_member != nullptr && holds_secret(*claims_member)) return Refusal{Code::secret_refused, id};

    if (subject->size() > limits::subject_bytes_max || claims->size() > limits::claims_bytes_max) return Refusal{Code::oversized, id};
    if (session_id != nullptr && session_id->size() > limits::session_id_bytes_max) return Refusal{Code::oversized, id};

    event::LoginReceived login{port, id, *subject, std::nullopt, expires_at, *claims};
    if (session_id != nullptr) login.session_id = *session_id;
    return login;
}

[[nodiscard]] Decoded decode_logout(Members& members, PortId port, RequestId id) {
    const Value* session_member = members.take("session");
    const std::string* token = get<std::string>(session_member);
    const auto session = token == nullptr ? std::nullopt : decode_token(*token);
    if (!members.all_taken() || id == 0 || (session_member != nullptr && !session)) return Refusal{Code::malformed, id};
    return event::LogoutReceived{port, id, session};
}

template <class Received>
[[nodiscard]] Decoded decode_bare(const Members& members, PortId port, RequestId id) {
    if (!members.all_taken()) return Refusal{Code::malformed, id};
    return Received{port};
}

[[nodiscard]] Decoded decode_by_type(const Object& object, PortId port, RequestId id) {
    Members members(object);
    const std::string* type = get<std::string>(members.take("type"));
    if (type == nullptr) return Refusal{Code::malformed, id};
    if (*type == "touch") return decode_bare<event::TouchReceived>(members, port, id);
    if (*type == "wake") return decode_bare<event::WakeReceived>(members, port, id);
    if (*type == "goodbye") return decode_bare<event::GoodbyeReceived>(members, port, id);
    static_cast<void>(members.take("id"));  // read already
    if (*type == "login") return decode_login(members, port, id);
    if (*type == "logout") return decode_logout(members, port, id);
    return Refusal{Code::malformed, id};
}

// `last` of a hello: what the app showed when it was connected before. Returns the refusal, or nothing.
[[nodiscard]] std::optional<Code> decode_last(const Object& object, LastSeen& last) {
    Members members(object);
    const Value* session_member = members.take("session");
    const Value* subject_member = members.take("subject");
    const std::string* token = get<std::string>(session_member);
    const auto session = token == nullptr ? std::nullopt : decode_token(*token);
    if (!members.all_taken() || (session_member != nullptr && !session)) return Code::malformed;
    if (!is_absent_or<std::string>(subject_member)) return Code::malformed;

    last.session = session;
    if (const std::string* subject = get<std::string>(subject_member)) {
        if (subject->size() > limits::subject_bytes_max) return Code::oversized;
        last.subject = *subject;
    }
    return std::nullopt;
}

[[nodiscard]] std::optional<Code> decode_greeting(const Object& object, Hello& hello) {
    Members members(object);
    // First of all, so that an app of another version learns that, whatever else its hello says.
    const std::int64_t* version = get<std::int64_t>(members.take("lockstep"));
    if (version == nullptr) return Code::malformed;
    if (*version != protocol_version) return Code::version;

    const std::string* type = get<std::string>(members.take("type"));
    const std::string* client = get<std::string>(members.take("client"));
    const Value* last_member = members.take("last");
    if (!members.all_taken() || type == nullptr || *type != "hello" || client == nullptr) return Code::malformed;
    if (!is_absent_or<Object>(last_member)) return Code::malformed;
    if (client->size() > client_bytes_max) return Code::oversized;

    hello.client = *client;
    const Object* last = get<Object>(last_member);
    return last == nullptr ? std::nullopt : decode_last(*last, hello.last.emplace());
}

}  // namespace

std::variant<Hello, Refusal> decode_hello(std::string_view text) {
    if (utf16_units(text) > limits::message_units_max) return Refusal{Code::oversized, 0};
    const Document document = parse(text);
    const Object* object = get<Object>(&document.root);
    if (!is_strict(document) || object == nullptr) return Refusal{Code::malformed, 0};
    Hello hello;
    if (const auto code = decode_greeting(*object, hello)) return Refusal{*code, 0};
    return hello;
}

std::variant<Event, Refusal> decode_message(std::string_view text, PortId port) {
    if (utf16_units(text) > limits::message_units_max) return Refusal{Code::oversized, 0};
    const Document document = parse(text);
    const RequestId id = readable_id(document);
    const Object* object = get<Object>(&document.root);
    if (!is_strict(document) || object == nullptr) return Refusal{Code::malformed, id};
    return decode_by_type(*object, port, id);
}

}  // namespace lockstep::codec
