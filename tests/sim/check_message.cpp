// The checkers of every message from a hub to its app. The snapshot must be the stored record, the session events must
// lead from what the app displayed to this snapshot, and an ended session never becomes active again.
#include <algorithm>

#include "tests/sim/app.hpp"
#include "wasm/codec/names.hpp"

namespace lockstep::sim {
namespace {

[[nodiscard]] bool contains(const std::vector<LogicalTimestamp>& timestamps, const LogicalTimestamp& timestamp) {
    return std::find(timestamps.begin(), timestamps.end(), timestamp) != timestamps.end();
}

// R5: a snapshot shows only what is stored. Where the store refuses reads or writes, the scope must be `alone`.
[[nodiscard]] Violation check_snapshot(const ReferenceModel& reference, const ReceivedSnapshot& snapshot) {
    const bool on_its_own = reference.blocked || reference.refused;
    if (snapshot.scope != "alone" && !reference.scope.empty() && snapshot.scope != reference.scope)
        return "the scope is not that of the store in use";
    if (snapshot.scope == "alone")
        return on_its_own ? std::nullopt : Violation("R5: the scope is `alone` although the store accepts writes");
    if (on_its_own) return "R5: the scope is not `alone` although the store refuses";
    if (reference.newer) {
        return snapshot.status == "unavailable" ? std::nullopt
                                                : Violation("a session is sent although the record has a newer format");
    }
    if (snapshot.status == "unavailable") return "a hub is unavailable although it can read the record";
    const auto& known = reference.known;
    if (!known) {
        return snapshot.status == "signed-out" && snapshot.reason == "never"
                   ? std::nullopt
                   : Violation("R5: a session is sent that is not stored");
    }
    const bool is_in = snapshot.status == "signed-in";
    if (is_in != is_active(*known))
        return is_in ? "R1: an ended session is sent as active" : "R4: an end is sent that is not stored";
    if (is_in && (snapshot.session != known->created || snapshot.subject != known->subject))
        return "R5: the session that is sent is not the stored one";
    if (!is_in && (snapshot.reason != codec::name_of(known->ended->reason) || snapshot.ended_by != known->ended->by)) {
        return "R5: the end that is sent is not the stored one";
    }
    return std::nullopt;
}

[[nodiscard]] Violation check_lifetime(const ReferenceModel& reference, const ReceivedSnapshot& snapshot, EpochMs now) {
    if (snapshot.status != "signed-in") {
        if (snapshot.session || !snapshot.subject.empty() || snapshot.has_claims)
            return "R13: a snapshot has a name or claims after the end";
        return std::nullopt;
    }
    if (!snapshot.session) return "an active session is sent without its token";
    if (knows_end_of(reference, *snapshot.session))
        return "R1: a hub that knows the end of a session sends it as active";
    if (contains(*reference.tombstones_before_kill, *snapshot.session))
        return "R12: a session whose tombstone is durable is sent as active after a start";
    const auto known = held(reference);
    const bool waits = known && is_overdue(reference, *known, now);  // for a bounded time: check_deadline, liveness
    if (!waits && snapshot.expires_at && now >= *snapshot.expires_at)
        return "R8: a session is sent as active after its expiry";
    if (snapshot.idle_at && now >= *snapshot.idle_at) return "R8: a session is sent as active after its idle time";
    return std::nullopt;
}

// An event is the app's own where a request of that kind has no reply yet: what it causes is announced before. The
// reply to one over an earlier port is lost.
[[nodiscard]] bool is_own(const ReferenceModel& reference, const App& app, const ReceivedEvent& event) {
    const auto is_pending = [&](const auto& asked) {
        return reference.port_was_left ||
               std::find(app.pending.begin(), app.pending.end(), asked.id) != app.pending.end();
    };
    if (event.type == "logout") return std::any_of(reference.logouts.begin(), reference.logouts.end(), is_pending);
    return std::any_of(reference.logins.begin(), reference.logins.end(), is_pending);
}

// The session events must lead from what the hub knew that the app displayed to this snapshot.
[[nodiscard]] Violation check_session_events(const ReferenceModel& reference, const App& app, const Message& message) {
    const ReceivedSnapshot& snapshot = message.snapshot;
    const ReceivedSnapshot nobody;
    ReceivedSnapshot before = app.known_to_hub                       ? *app.known_to_hub
                              : message.type == MessageType::welcome ? snapshot
                                                                     : nobody;
    // A returning app may name the session by its timestamp in the migration source.
    const bool is_back = message.type == MessageType::welcome && before.session && snapshot.session;
    if (is_back && refers_to(reference, *before.session, *snapshot.session)) before.session = snapshot.session;
    std::size_t sessions = 0;
    for (const ReceivedEvent& event : snapshot.events) {
        if (event.type == "login" || event.type == "logout" || event.type == "user-change") ++sessions;
        if (event.own && !is_own(reference, app, event)) return "another tab's act is sent as the app's own";
        // When no hub remembers how a session ended, only its absence is known.
        const bool same_reason =
            event.reason == snapshot.reason || (snapshot.reason == "never" && event.reason == "cleared");
        if (event.type == "logout" && (!same_reason || event.ended_by != snapshot.ended_by)) {
            return "a logout event has another reason or origin than the snapshot";
        }
        if (event.type == "user-change" && event.from != before.subject)
            return "a user-change event has another `from` than the app displayed";
    }
    // One session took the place of another of the same person, and nobody logged out since.
    const bool is_continued = before.session && snapshot.session && before.subject == snapshot.subject &&
                              (!snapshot.last_end || snapshot.last_end->revision < before.session->revision);
    const std::size_t expected =
        snapshot.status == "unavailable" || before.session == snapshot.session || is_continued ? 0 : 1;
    // The name is of another store, whose revisions do not compare with those of the last end.
    const bool is_named_elsewhere = before.session && snapshot.session && before.subject == snapshot.subject &&
                                    reference.named_after != reference.migrations;
    if (is_named_elsewhere && sessions <= 1) return std::nullopt;
    if (sessions != expected) return "the session events do not lead from what the app displayed to this snapshot";
    return std::nullopt;
}

// R1: nobody is locked out. A login is refused for what its app had not been shown, and for nothing else.
[[nodiscard]] Violation check_login_reply(const ReferenceModel& reference, const App& app, const Message& message) {
    if (message.refused != "session-ended") return std::nullopt;
    const auto asked = std::find_if(reference.logins.begin(), reference.logins.end(),
                                    [&](const LoginAsked& login) { return login.id == message.id; });
    if (asked == reference.logins.end()) return "R1: what is no login is refused as one";
    // A logout of the same app, its "no" to a check, or a pushed end is decided in the same cycle, and not written yet.
    const auto& call = reference.call;
    if (call && std::find(call->said.begin(), call->said.end(), Outcome::inactive) != call->said.end())
        return std::nullopt;
    const auto waits = [&](const LogoutAsked& logout) {
        return std::find(app.pending.begin(), app.pending.end(), logout.id) != app.pending.end();
    };
    if (reference.port_was_left || std::any_of(reference.logouts.begin(), reference.logouts.end(), waits))
        return std::nullopt;
    auto decided_on = held(reference);
    if (decided_on && is_active(*decided_on) && was_pushed(reference, *decided_on)) return std::nullopt;
    if (const auto& source = reference.migration_source) {
        if (!is_active(*source) && decided_on && is_active(*decided_on)) return std::nullopt;  // the end may be placed
        decided_on = expected_after_migration(*source, decided_on);
    }
    return began_before_last_end(reference, *asked, decided_on)
               ? std::nullopt
               : Violation("R1: a login that began after the last end is refused");
}

// R2: the session that a logout names has ended when the reply is sent.
[[nodiscard]] Violation check_logout_reply(const ReferenceModel& reference, const Message& message) {
    const auto asked = std::find_if(reference.logouts.begin(), reference.logouts.end(), [&](const LogoutAsked& logout) {
        return logout.id == message.id && logout.session;
    });
    if (asked == reference.logouts.end() || !message.refused.empty()) return std::nullopt;
    if (reference.migration_source) return std::nullopt;  // the migration is not decided yet
    const auto holds = held(reference);
    if (!holds || !is_active(*holds)) return std::nullopt;
    const bool is_later = asked->revision_seen < holds->created.revision;  // the user has signed in again since
    const bool is_here = asked->migrations == reference.migrations;
    if (asked->is_displayed && is_here && is_replaced_by(*asked, *holds) && !is_later && !reference.port_was_left)
        return "R2: a logout is replied to although the same person is still signed in";
    if (!refers_to(reference, *asked->session, holds->created)) return std::nullopt;
    return "R2: a logout is replied to although the session that it names is active";
}

}  // namespace

Violation check_message(const ReferenceModel& reference, const App& app, const Message& message, EpochMs now) {
    switch (message.type) {
        case MessageType::unreadable: return "a message is malformed";
        case MessageType::goodbye:
        case MessageType::notice:
        case MessageType::duty:  // check_call.cpp
        case MessageType::cancel: return std::nullopt;
        case MessageType::reply: {
            if (auto broken = check_check_reply(reference, message, now)) return broken;
            if (auto broken = check_login_reply(reference, app, message)) return broken;
            if (auto broken = check_logout_reply(reference, message)) return broken;
            const bool is_owed = std::find(app.pending.begin(), app.pending.end(), message.id) != app.pending.end();
            // Replies to garbage, whose ids are far above those of requests.
            if (is_owed || message.id > 4'000'000) return std::nullopt;
            return "a reply has no pending request";
        }
        case MessageType::welcome:
            if (app.received) return "an app is welcomed twice on one port";
            break;
        case MessageType::changed:
            if (!app.received) return "an app receives a change before its welcome";
            break;
    }
    if (auto broken = check_lifetime(reference, message.snapshot, now)) return broken;
    if (auto broken = check_snapshot(reference, message.snapshot)) return broken;
    return check_session_events(reference, app, message);
}

}  // namespace lockstep::sim
