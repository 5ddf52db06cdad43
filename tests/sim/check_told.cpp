// The checkers of everything a hub says to its app. What is told must be what the store has shown or taken, the story
// must lead from what the app showed to what it shows now, and an end that is known stays one.
#include <algorithm>

#include "tests/sim/app.hpp"
#include "wasm/codec/names.hpp"

namespace lockstep::sim {
namespace {

[[nodiscard]] bool contains(const std::vector<LogicalTimestamp>& timestamps, const LogicalTimestamp& timestamp) {
    return std::find(timestamps.begin(), timestamps.end(), timestamp) != timestamps.end();
}

// R5: nothing is told that is not stored. Where storing is refused, that is told: the scope is `alone`.
[[nodiscard]] Violation check_source(const ReferenceModel& reference, const Told& told) {
    const bool on_its_own = reference.blocked || reference.refused;
    if (told.scope != "alone" && told.scope != reference.scope)
        return "another scope is told than that of the store in use";
    if (told.scope == "alone")
        return on_its_own ? std::nullopt : Violation("R5: a tab says that it is alone, and the store takes its writes");
    if (on_its_own) return "R5: a tab says that others share what the store has refused";
    if (reference.newer) {
        return told.status == "unavailable" ? std::nullopt
                                            : Violation("a session is told while the record is a newer hub's");
    }
    if (told.status == "unavailable") return "a hub is unavailable, and the record is of its own format";
    const auto& known = reference.known;
    if (!known) {
        return told.status == "signed-out" && told.reason == "never"
                   ? std::nullopt
                   : Violation("R5: a session is told that nobody stored");
    }
    const bool is_in = told.status == "signed-in";
    if (is_in != is_active(*known))
        return is_in ? "R1: an ended session is told as active" : "R4: an end is told that is not stored";
    if (is_in && (told.session != known->created || told.subject != known->subject))
        return "R5: another session is told than the stored one";
    if (!is_in && (told.reason != codec::name_of(known->ended->reason) || told.ended_by != known->ended->by)) {
        return "R5: another end is told than the stored one";
    }
    return std::nullopt;
}

[[nodiscard]] Violation check_life(const ReferenceModel& reference, const Told& told, EpochMs now) {
    if (told.status != "signed-in") {
        if (told.session || !told.subject.empty() || told.has_claims) return "R13: a name is told after the end";
        return std::nullopt;
    }
    if (!told.session) return "an active session is told without its token";
    if (knows_end_of(reference, *told.session)) return "R1: a hub that knows the end of a session tells it as active";
    if (contains(*reference.kept_before, *told.session))
        return "R12: a session whose end was kept is told as active after a start";
    if (told.expires_at && now >= *told.expires_at) return "R8: a session is told as active past its expiry";
    if (told.idle_at && now >= *told.idle_at) return "R8: a session is told as active past its idle time";
    return std::nullopt;
}

// The events of a message must be the way from what the hub knew the app to show to what it tells now.
[[nodiscard]] Violation check_story(const ReferenceModel& reference, const App& app, const Message& message) {
    const Told& told = message.told;
    const Told nobody;
    Told before = app.base ? *app.base : message.type == MessageType::welcome ? told : nobody;
    // An app that comes back may name a session by its birth in another store.
    const bool is_back = message.type == MessageType::welcome && before.session && told.session;
    if (is_back && names(reference, *before.session, *told.session)) before.session = told.session;
    std::size_t sessions = 0;
    for (const TellTale& event : told.events) {
        if (event.type == "login" || event.type == "logout" || event.type == "user-change") ++sessions;
        // Of a session that ended while no hub of this browser remembers it, no more is known than that it is gone.
        const bool same_reason = event.reason == told.reason || (told.reason == "never" && event.reason == "cleared");
        if (event.type == "logout" && (!same_reason || event.ended_by != told.ended_by)) {
            return "a logout is told with another reason than the snapshot's";
        }
        if (event.type == "user-change" && event.from != before.subject)
            return "a change of user is told from another user";
    }
    const std::size_t expected = told.status == "unavailable" || before.session == told.session ? 0 : 1;
    if (sessions != expected) return "the story does not lead from what the app showed to this snapshot";
    return std::nullopt;
}

// R2: what a logout names does not live on.
[[nodiscard]] Violation check_logout_told(const ReferenceModel& reference, const Message& message) {
    const auto asked = std::find_if(reference.logouts.begin(), reference.logouts.end(),
                                    [&](const LogoutAsked& logout) { return logout.id == message.id && logout.names; });
    if (asked == reference.logouts.end() || !message.refused.empty()) return std::nullopt;
    if (reference.left) return std::nullopt;  // what has become of it here is not decided yet
    const auto holds = held(reference);
    if (!holds || !is_active(*holds) || !names(reference, *asked->names, holds->created)) return std::nullopt;
    return "R2: a logout is replied to, and the session that it names lives on";
}

}  // namespace

Violation check_told(const ReferenceModel& reference, const App& app, const Message& message, EpochMs now) {
    switch (message.type) {
        case MessageType::unreadable: return "a message cannot be read";
        case MessageType::goodbye:
        case MessageType::notice:
        case MessageType::duty:  // check_call.cpp
        case MessageType::cancel: return std::nullopt;
        case MessageType::reply: {
            if (auto broken = check_outcome_told(reference, message, now)) return broken;
            if (auto broken = check_logout_told(reference, message)) return broken;
            const bool is_owed = std::find(app.owed.begin(), app.owed.end(), message.id) != app.owed.end();
            // Answers to garbage, whose ids are far above those of requests.
            if (is_owed || message.id > 4'000'000) return std::nullopt;
            return "a request is answered twice, or was never made";
        }
        case MessageType::welcome:
            if (app.told) return "an app is welcomed twice on one port";
            break;
        case MessageType::changed:
            if (!app.told) return "an app is told of a change before it is welcomed";
            break;
    }
    if (auto broken = check_life(reference, message.told, now)) return broken;
    if (auto broken = check_source(reference, message.told)) return broken;
    return check_story(reference, app, message);
}

}  // namespace lockstep::sim
