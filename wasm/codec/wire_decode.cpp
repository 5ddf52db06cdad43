// Messages from the app to the hub (PROTOCOL §2). The shape is checked first, then secrets, then the bounds of single
// members: for a token the error is `secret-refused`, not `oversized`.
#include <cstdint>
#include <limits>
#include <utility>

#include "wasm/codec/claims.hpp"
#include "wasm/codec/json.hpp"
#include "wasm/codec/logical_timestamp.hpp"
#include "wasm/codec/names.hpp"
#include "wasm/codec/secrets.hpp"
#include "wasm/codec/wire.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::codec {
namespace {

constexpr std::size_t client_bytes_max = 32;

// Zero if the text has no `id`, or several. It is read even where the rest is refused, so that the request gets a
// reply.
[[nodiscard]] RequestId readable_id(const Document& document) {
    const auto* object = get<Object>(&document.root);
    if (object == nullptr) return 0;
    RequestId id = 0;
    for (const Member& member : *object) {
        if (member.name != "id") continue;
        const auto* integer = get<std::int64_t>(&member.value);
        if (id != 0 || integer == nullptr || *integer < 1 || *integer > std::numeric_limits<std::int32_t>::max())
            return 0;
        id = static_cast<RequestId>(*integer);
    }
    return id;
}

using Decoded = std::variant<Event, Refusal>;

[[nodiscard]] Decoded decode_login(Members& members, PortId port, RequestId id) {
    const auto* subject = get<std::string>(members.take("subject"));
    const Value* session_member = members.take("sessionId");
    const Value* expires_member = members.take("expiresAt");
    const Value* claims_member = members.take("claims");
    const Value* last_member = members.take("lastEnd");
    const auto* last_token = get<std::string>(last_member);
    const auto last_end = last_token == nullptr ? std::nullopt : decode_last_end(*last_token);
    const auto* session_id = get<std::string>(session_member);
    const auto expires_at = decode_time(expires_member);
    const auto claims = claims_member == nullptr ? std::string() : canonical_claims(*claims_member);

    if (!members.all_taken() || id == 0 || subject == nullptr || subject->empty()) return Refusal{Code::malformed, id};
    if (!is_absent_or<std::string>(session_member) || (session_id != nullptr && session_id->empty()))
        return Refusal{Code::malformed, id};
    if ((expires_member != nullptr && !expires_at) || !claims) return Refusal{Code::malformed, id};
    if (last_member != nullptr && !last_end) return Refusal{Code::malformed, id};

    if (looks_like_token(*subject) || (session_id != nullptr && looks_like_token(*session_id)))
        return Refusal{Code::secret_refused, id};
    if (claims_member != nullptr && holds_secret(*claims_member)) return Refusal{Code::secret_refused, id};

    if (subject->size() > limits::subject_bytes_max || claims->size() > limits::claims_bytes_max)
        return Refusal{Code::oversized, id};
    if (session_id != nullptr && session_id->size() > limits::session_id_bytes_max) return Refusal{Code::oversized, id};

    event::LoginReceived login{port, id, *subject, std::nullopt, expires_at, *claims, last_end};
    if (session_id != nullptr) login.session_id = *session_id;
    return login;
}

[[nodiscard]] Decoded decode_logout(Members& members, PortId port, RequestId id) {
    const Value* session_member = members.take("session");
    const auto* token = get<std::string>(session_member);
    const auto session = token == nullptr ? std::nullopt : decode_token(*token);
    if (!members.all_taken() || id == 0 || (session_member != nullptr && !session)) return Refusal{Code::malformed, id};
    return event::LogoutReceived{port, id, session};
}

template <class Received>
[[nodiscard]] Decoded decode_bare_request(const Members& members, PortId port, RequestId id) {
    if (!members.all_taken() || id == 0) return Refusal{Code::malformed, id};
    return Received{port, id};
}

[[nodiscard]] Decoded decode_scope_request(Members& members, PortId port, RequestId id) {
    const Value* label_member = members.take("label");
    const Value* style_member = members.take("style");
    if (!members.all_taken() || id == 0) return Refusal{Code::malformed, id};
    if (!is_absent_or<std::string>(label_member) || !is_absent_or<std::string>(style_member))
        return Refusal{Code::malformed, id};
    event::ScopeRequested request{port, id, {}, {}};
    if (const auto* label = get<std::string>(label_member)) request.label = *label;
    if (const auto* style = get<std::string>(style_member)) request.style = *style;
    if (request.label.size() > limits::label_bytes_max || request.style.size() > limits::style_bytes_max)
        return Refusal{Code::oversized, id};
    return request;
}

[[nodiscard]] Decoded decode_allows(Members& members, PortId port, RequestId id) {
    const auto* origin = get<std::string>(members.take("origin"));
    if (!members.all_taken() || id == 0 || origin == nullptr || origin->empty()) return Refusal{Code::malformed, id};
    if (origin->size() > limits::origin_bytes_max) return Refusal{Code::oversized, id};
    return event::AllowsReceived{port, id, *origin};
}

[[nodiscard]] Decoded decode_duties(Members& members, PortId port, RequestId id) {
    const auto* can = get<Array>(members.take("can"));
    if (!members.all_taken() || can == nullptr) return Refusal{Code::malformed, id};
    event::DutiesReceived duties{port, false, false};
    for (const Value& value : *can) {
        const auto* name = get<std::string>(&value);
        const auto kind = name == nullptr ? std::nullopt : named<DutyKind>(*name);
        if (!kind || std::exchange(*kind == DutyKind::check ? duties.check : duties.end, true))
            return Refusal{Code::malformed, id};
    }
    return duties;
}

// The members that an `outcome` and the answer to the hub's own check have in common.
[[nodiscard]] std::optional<Code> read_renewal(Members& members, event::OutcomeReceived& outcome) {
    const Value* expires_member = members.take("expiresAt");
    const Value* claims_member = members.take("claims");
    outcome.expires_at = decode_time(expires_member);
    const auto claims = claims_member == nullptr ? std::string() : canonical_claims(*claims_member);
    if ((expires_member != nullptr && !outcome.expires_at) || !claims) return Code::malformed;
    if (claims_member != nullptr && holds_secret(*claims_member)) return Code::secret_refused;
    if (claims->size() > limits::claims_bytes_max) return Code::oversized;
    outcome.claims = *claims;
    return std::nullopt;
}

[[nodiscard]] Decoded decode_outcome(Members& members, PortId port, RequestId id) {
    const auto* call = get<std::int64_t>(members.take("call"));
    const auto* name = get<std::string>(members.take("outcome"));
    const auto named_outcome = name == nullptr ? std::nullopt : named<Outcome>(*name);
    if (call == nullptr || *call < 1 || *call > std::numeric_limits<std::int32_t>::max() || !named_outcome) {
        return Refusal{Code::malformed, id};
    }
    event::OutcomeReceived outcome{port, static_cast<CallId>(*call), *named_outcome, std::nullopt, {}};
    if (*named_outcome == Outcome::active) {
        outcome.refused = read_renewal(members, outcome);
        if (outcome.refused == Code::malformed) return Refusal{Code::malformed, id};
        if (outcome.refused) outcome = {port, outcome.call, Outcome::unknown, std::nullopt, {}, outcome.refused};
    }
    if (!members.all_taken()) return Refusal{Code::malformed, id};
    return outcome;
}

template <class Received>
[[nodiscard]] Decoded decode_bare(const Members& members, PortId port, RequestId id) {
    if (!members.all_taken()) return Refusal{Code::malformed, id};
    return Received{port};
}

[[nodiscard]] Decoded decode_by_type(const Object& object, PortId port, RequestId id, Rate rate) {
    Members members(object);
    const auto* type = get<std::string>(members.take("type"));
    if (type == nullptr) return Refusal{Code::malformed, id};
    if (*type == "goodbye") return decode_bare<event::GoodbyeReceived>(members, port, id);
    if (rate == Rate::exceeded) return Refusal{Code::rate_limited, id};
    if (*type == "touch") return decode_bare<event::TouchReceived>(members, port, id);
    if (*type == "duties") return decode_duties(members, port, id);
    if (*type == "outcome") return decode_outcome(members, port, id);
    static_cast<void>(members.take("id"));  // decoded before
    if (*type == "wake") return decode_bare_request<event::WakeReceived>(members, port, id);
    if (*type == "check") return decode_bare_request<event::CheckReceived>(members, port, id);
    if (*type == "allows") return decode_allows(members, port, id);
    if (*type == "scope") return decode_scope_request(members, port, id);
    if (*type == "login") return decode_login(members, port, id);
    if (*type == "logout") return decode_logout(members, port, id);
    return Refusal{Code::malformed, id};
}

// The `last` of a hello: what the app showed when it was connected before. Returns the code of the refusal, or nothing.
[[nodiscard]] std::optional<Code> decode_last(const Object& object, LastSeen& last) {
    Members members(object);
    const Value* session_member = members.take("session");
    const Value* subject_member = members.take("subject");
    const auto* token = get<std::string>(session_member);
    const auto session = token == nullptr ? std::nullopt : decode_token(*token);
    if (!members.all_taken() || (session_member != nullptr && !session)) return Code::malformed;
    if (!is_absent_or<std::string>(subject_member)) return Code::malformed;

    last.session = session;
    if (const auto* subject = get<std::string>(subject_member)) {
        if (subject->size() > limits::subject_bytes_max) return Code::oversized;
        last.subject = *subject;
    }
    return std::nullopt;
}

[[nodiscard]] std::optional<Code> decode_hello_members(const Object& object, Hello& hello) {
    Members members(object);
    // First, so that an app of another version gets that code whatever else its hello contains.
    const auto* version = get<std::int64_t>(members.take("lockstep"));
    if (version == nullptr) return Code::malformed;
    if (*version != protocol_version) return Code::version;

    const auto* type = get<std::string>(members.take("type"));
    const auto* client = get<std::string>(members.take("client"));
    const Value* last_member = members.take("last");
    if (!members.all_taken() || type == nullptr || *type != "hello" || client == nullptr) return Code::malformed;
    if (!is_absent_or<Object>(last_member)) return Code::malformed;
    if (client->size() > client_bytes_max) return Code::oversized;

    hello.client = *client;
    const auto* last = get<Object>(last_member);
    return last == nullptr ? std::nullopt : decode_last(*last, hello.last.emplace());
}

// A lifetime, as OAuth's `expires_in`, needs no two clocks that agree.
[[nodiscard]] bool read_lifetime(Members& members, EpochMs now, std::optional<EpochMs>& expires_at) {
    const Value* member = members.take("expiresIn");
    if (member == nullptr) return true;
    const auto* seconds = get<std::int64_t>(member);
    if (seconds == nullptr || *seconds < 0 || *seconds > (limits::epoch_ms_max - now) / 1000) return false;
    expires_at = now + *seconds * 1000;
    return true;
}

}  // namespace

std::variant<Hello, Refusal> decode_hello(std::string_view text) {
    if (utf16_units(text) > limits::message_units_max) return Refusal{Code::oversized, 0};
    const Document document = parse(text);
    const auto* object = get<Object>(&document.root);
    if (!is_strict(document) || object == nullptr) return Refusal{Code::malformed, 0};
    Hello hello;
    if (const auto code = decode_hello_members(*object, hello)) return Refusal{*code, 0};
    return hello;
}

std::variant<Event, Refusal> decode_message(std::string_view text, PortId port, Rate rate) {
    if (utf16_units(text) > limits::message_units_max) return Refusal{Code::oversized, 0};
    const Document document = parse(text);
    const RequestId id = readable_id(document);
    const auto* object = get<Object>(&document.root);
    if (!is_strict(document) || object == nullptr) return Refusal{Code::malformed, id};
    return decode_by_type(*object, port, id, rate);
}

event::OutcomeReceived decode_check_result(std::string_view text, CallId call, EpochMs now) {
    event::OutcomeReceived unknown{0, call, Outcome::unknown, std::nullopt, {}};
    if (utf16_units(text) > limits::message_units_max) return unknown;
    const Document document = parse(text);
    const auto* object = get<Object>(&document.root);
    if (!is_strict(document) || object == nullptr) return unknown;
    Members members(*object);  // the provider's answer may have more members
    const auto* active = get<bool>(members.take("active"));
    if (active == nullptr) return unknown;
    event::OutcomeReceived outcome{0, call, *active ? Outcome::active : Outcome::inactive, std::nullopt, {}};
    if (!*active) return outcome;
    const bool is_readable = !read_renewal(members, outcome) && read_lifetime(members, now, outcome.expires_at);
    return is_readable ? outcome : unknown;
}

}  // namespace lockstep::codec
