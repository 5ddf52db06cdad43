#include "tests/sim/app.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

#include "wasm/codec/logical_timestamp.hpp"

namespace lockstep::sim {
namespace {

[[nodiscard]] std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

void add(std::string& message, std::string_view name, const std::string& json) {
    message.append(",\"").append(name).append("\":").append(json);
}

[[nodiscard]] std::optional<LastEnd> shown_last_end(const App& app) {
    return app.displayed ? app.displayed->last_end : std::nullopt;
}

}  // namespace

std::string hello_text(App& app, Prng& chance) {
    std::string text = R"({"lockstep":1,"type":"hello","client":"0.1.0")";
    app.received.reset();
    app.pending.clear();                             // the client rejects them, or repeats them
    if (chance.one_in(2)) app.given_duties.clear();  // or it continues, and answers on a closed port
    app.known_to_hub = chance.one_in(8) ? std::nullopt : app.displayed;
    if (app.known_to_hub) {
        text += R"(,"last":{)";
        if (app.displayed->session)
            text += R"("session":)" + quoted(codec::encode_token(*app.displayed->session)) + ",";
        text += R"("subject":)" + quoted(app.displayed->subject) + "}";
    }
    return text + "}";
}

void begin_login(App& app) { app.flow = shown_last_end(app); }

LoginText login_text(App& app, Prng& chance, EpochMs now) {
    const std::uint32_t who = chance.below(3);
    LoginAsked asked{0, "user-" + std::to_string(who), std::nullopt, std::nullopt};
    // The end of a flow, or a form: the user has typed the password into what the app displays.
    asked.last_end = app.flow ? *app.flow : shown_last_end(app);
    app.flow.reset();
    if (chance.one_in(12)) asked.last_end.reset();  // an app that does not say it
    // An id that the apps share, one of the app's own, or none.
    if (!chance.one_in(3)) asked.session_id = "sid-" + std::to_string(who) + "-" + std::to_string(chance.below(3));
    const std::uint32_t id = asked.id = ++app.id_last;
    app.pending.push_back(id);
    std::string text = R"({"type":"login")";
    add(text, "id", std::to_string(id));
    const bool leaks_subject = chance.one_in(24);
    add(text, "subject",
        quoted(leaks_subject ? "eyJhbGciOiJub25lIn0." + std::string(secret_marker) + ".c2ln" : asked.subject));
    if (asked.session_id) add(text, "sessionId", quoted(*asked.session_id));
    // Sometimes in the past, sometimes soon, mostly later.
    constexpr std::array<EpochMs, 6> lives{-1'000, 1'000, 20'000, 90'000, 600'000, 3'600'000};
    if (!chance.one_in(3)) add(text, "expiresAt", std::to_string(now + lives[chance.below(6)]));
    if (chance.one_in(24)) {
        add(text, "claims", R"({"profile":{"Access-Token":")" + std::string(secret_marker) + R"("}})");
    } else if (!chance.one_in(3)) {
        add(text, "claims", R"({"name":"Ada","visit":)" + std::to_string(chance.below(4)) + "}");
    }
    if (asked.last_end) add(text, "lastEnd", quoted(codec::encode_last_end(*asked.last_end)));
    return {text + "}", asked};
}

LogoutText logout_text(App& app, Prng& chance) {
    const std::uint32_t id = ++app.id_last;
    app.pending.push_back(id);
    LogoutText logout;
    const std::uint32_t which = chance.below(8);
    // The client keeps its snapshot while the record cannot be read.
    if (which < 5 && app.displayed && app.displayed->session)
        std::tie(logout.session, logout.subject) = std::tie(app.displayed->session, app.displayed->subject);
    // A message that was sent before the session changed.
    if (which == 5 && !app.tokens.empty())
        std::tie(logout.session, logout.subject) =
            app.tokens[chance.below(static_cast<std::uint32_t>(app.tokens.size()))];
    if (which == 6) logout.session = LogicalTimestamp{1 + chance.below(1'000'000), "zzz"};
    logout.is_displayed = logout.session && app.received && logout.session == app.received->session;
    logout.text = R"({"type":"logout")";
    add(logout.text, "id", std::to_string(id));
    if (logout.session) add(logout.text, "session", quoted(codec::encode_token(*logout.session)));
    logout.text += "}";
    return logout;
}

std::string garbage_text(Prng& chance) {
    constexpr std::array<std::string_view, 8> kinds{
        "",
        "{",
        R"({"type":"login","id":4000001})",
        R"({"type":"login","id":4000002,"subject":"a","__proto__":{}})",
        R"({"type":"logout","id":4000003,"session":"0.x"})",
        R"({"type":"touch","id":4000004})",
        R"({"type":"welcome","lockstep":1})",
        "\xff\xfe",
    };
    return std::string(kinds[chance.below(8)]);
}

void receive(App& app, const Message& message) {
    if (message.type == MessageType::reply) {
        app.pending.erase(std::remove(app.pending.begin(), app.pending.end(), message.id), app.pending.end());
    }
    if (message.type == MessageType::duty) {
        app.given_duties.push_back({app.port, message.call, message.duty == "end" ? DutyKind::end : DutyKind::check,
                                    app.received ? app.received->session : std::nullopt});
        if (app.given_duties.size() > given_duties_max) app.given_duties.pop_front();
    }
    if (message.type == MessageType::welcome || message.type == MessageType::changed) {
        app.received = message.snapshot;
        // The client keeps its snapshot while the record cannot be read.
        if (message.snapshot.status != "unavailable") app.displayed = app.known_to_hub = message.snapshot;
        if (message.snapshot.session) app.tokens.emplace_back(*message.snapshot.session, message.snapshot.subject);
    }
}

}  // namespace lockstep::sim
