// Messages from the hub to the app (PROTOCOL §3). The order of members is part of the protocol, so that equal
// snapshots are equal texts.
#include "wasm/codec/json_writer.hpp"
#include "wasm/codec/logical_timestamp.hpp"
#include "wasm/codec/names.hpp"
#include "wasm/codec/wire.hpp"
#include "wasm/core/match.hpp"

namespace lockstep::codec {
namespace {

void write_error(ObjectWriter& message, Code code) {
    ObjectWriter error(message.member("error"));
    error.text("code", name_of(code));
    error.text("message", message_of(code));
    error.close();
}

// A message that contains an error and nothing else.
[[nodiscard]] std::string encode_error(std::string_view type, Code code) {
    std::string text;
    ObjectWriter message(text);
    message.text("type", type);
    write_error(message, code);
    message.close();
    return text;
}

void write_snapshot(ObjectWriter& message, const Snapshot& snapshot) {
    ObjectWriter writer(message.member("snapshot"));
    writer.text("status", name_of(snapshot.status));
    if (snapshot.status == Status::signed_out)
        writer.text("reason", snapshot.reason ? name_of(*snapshot.reason) : "never");
    writer.text_unless_empty("endedBy", snapshot.ended_by);
    writer.text_unless_empty("subject", snapshot.subject);
    writer.text_if("sessionId", snapshot.session_id);
    if (!snapshot.claims.empty()) writer.json("claims", snapshot.claims);
    writer.integer_if("signedInAt", snapshot.signed_in_at);
    writer.integer_if("expiresAt", snapshot.expires_at);
    writer.integer_if("idleAt", snapshot.idle_at);
    if (snapshot.idle_warning) writer.json("idleWarning", "true");
    writer.text("scope", name_of(snapshot.scope));
    writer.text("medium", name_of(snapshot.medium));
    writer.text("upgrade", name_of(snapshot.upgrade));
    if (snapshot.status == Status::unavailable)
        write_error(writer, Code::hub_outdated);  // the only cause in a running hub
    writer.close();
}

void write_session_event(std::string& out, const SessionEvent& session_event) {
    ObjectWriter event(out);
    match(
        session_event,
        [&](const session_event::Login& login) {
            event.text("type", "login");
            if (login.own) event.json("own", "true");
        },
        [&](const session_event::Logout& logout) {
            event.text("type", "logout");
            event.text("reason", name_of(logout.reason));
            event.text_unless_empty("endedBy", logout.ended_by);
            if (logout.own) event.json("own", "true");
        },
        [&](const session_event::UserChange& change) {
            event.text("type", "user-change");
            event.text("from", change.from);
            if (change.own) event.json("own", "true");
        },
        [&](const session_event::IdleWarning& warning) {
            event.text("type", "idle-warning");
            event.integer("idleAt", warning.idle_at);
        },
        [&](const session_event::IdleResume&) { event.text("type", "idle-resume"); },
        [&](const session_event::ScopeChange& change) {
            event.text("type", "scope");
            event.text("scope", name_of(change.to));
            event.text("from", name_of(change.from));
        });
    event.close();
}

// The members that `welcome` and `changed` have in common: the token, the snapshot, and the events that led to it.
void write_view(ObjectWriter& message, const Snapshot& snapshot, const std::vector<SessionEvent>& session_events) {
    if (snapshot.session) message.text("session", encode_token(*snapshot.session));
    if (snapshot.last_end) message.text("lastEnd", encode_last_end(*snapshot.last_end));
    write_snapshot(message, snapshot);
    std::string& out = message.member("events") += '[';
    for (const SessionEvent& session_event : session_events) {
        if (&session_event != &session_events.front()) out += ',';
        write_session_event(out, session_event);
    }
    out += ']';
}

void write_capabilities(ObjectWriter& message, Capabilities capabilities) {
    std::string& out = message.member("capabilities") += '[';
    bool first = true;
    for (const Capability capability : all_capabilities) {
        if (!capabilities.has(capability)) continue;
        if (!first) out += ',';
        first = false;
        write(out, name_of(capability));
    }
    out += ']';
}

}  // namespace

std::string encode_welcome(const effect::Welcome& welcome, std::string_view hub_version) {
    std::string text;
    ObjectWriter message(text);
    message.text("type", "welcome");
    message.integer("lockstep", protocol_version);
    message.text("hub", hub_version);
    write_capabilities(message, welcome.capabilities);
    write_view(message, welcome.snapshot, welcome.session_events);
    message.close();
    return text;
}

std::string encode_changed(const effect::Announce& announce) {
    std::string text;
    ObjectWriter message(text);
    message.text("type", "changed");
    write_view(message, announce.snapshot, announce.session_events);
    message.close();
    return text;
}

std::string encode_reply(const effect::Reply& reply) {
    std::string text;
    ObjectWriter message(text);
    message.text("type", "reply");
    message.integer("id", reply.id);
    if (reply.outcome) message.text("outcome", name_of(*reply.outcome));
    if (reply.refused) write_error(message, *reply.refused);
    message.close();
    return text;
}

std::string encode_duty(const effect::CallDuty& duty) {
    std::string text;
    ObjectWriter message(text);
    message.text("type", "duty");
    message.integer("call", duty.call);
    message.text("duty", name_of(duty.duty));
    switch (duty.duty) {
        case DutyKind::check: message.text("reason", name_of(duty.check_reason)); break;
        case DutyKind::end: message.text("reason", name_of(duty.end_reason)); break;
    }
    message.text_if("sessionId", duty.session_id);
    message.close();
    return text;
}

std::string encode_cancel(const effect::CancelDuty& cancel) {
    std::string text;
    ObjectWriter message(text);
    message.text("type", "cancel");
    message.integer("call", cancel.call);
    message.close();
    return text;
}

std::string encode_error_notice(Code code) { return encode_error("error-notice", code); }
std::string encode_goodbye(Code code) { return encode_error("goodbye", code); }

}  // namespace lockstep::codec
