// The session: who is signed in, which login and which end counts, and which session events follow: R1–R3, R5, R13.
// Each name is the promise it proves.
#include "tests/native/core/tab.hpp"

using namespace lockstep;
using namespace lockstep::test;

TEST_CASE("a login in one tab reaches a tab of another app", "[session][R5]") {
    Store store;
    Tab a(store, "a");
    Tab b(store, "b");
    a.connect(portal);
    b.connect(billing);

    const Effects effects = a.login("ada");
    REQUIRE(announced(effects).session_events == std::vector<SessionEvent>{session_event::Login{true}});
    REQUIRE(outcome(effects) == std::nullopt);

    const auto heard = announced(b.notify());
    CHECK(heard.snapshot.status == Status::signed_in);
    CHECK(heard.snapshot.subject == "ada");
    CHECK(heard.session_events == std::vector<SessionEvent>{session_event::Login{}});
}

TEST_CASE("a logout says in every tab why and by whom", "[session][R5]") {
    Store store;
    Tab a(store, "a");
    Tab b(store, "b");
    a.connect(portal);
    b.connect(billing);
    a.login("ada");
    b.notify();

    b.logout();
    const auto heard = announced(a.notify());
    CHECK(heard.snapshot.status == Status::signed_out);
    CHECK(heard.snapshot.reason == EndReason::logout);
    CHECK(heard.snapshot.ended_by == billing);
    CHECK(heard.session_events == std::vector<SessionEvent>{session_event::Logout{EndReason::logout, billing}});
}

TEST_CASE("the tab that acts is told that the act was its own, and no other tab is", "[session]") {
    Store store;
    Tab a(store, "a");
    Tab b(store, "b");
    a.connect(portal);
    b.connect(portal);
    using Events = std::vector<SessionEvent>;

    CHECK(announced(a.login("ada")).session_events == Events{session_event::Login{true}});
    CHECK(announced(b.notify()).session_events == Events{session_event::Login{}});
    CHECK(announced(b.login("grace")).session_events == Events{session_event::UserChange{"ada", true}});
    CHECK(announced(a.notify()).session_events == Events{session_event::UserChange{"ada"}});
    CHECK(announced(a.logout()).session_events == Events{session_event::Logout{EndReason::logout, portal, true}});
    CHECK(announced(b.notify()).session_events == Events{session_event::Logout{EndReason::logout, portal}});
}

TEST_CASE("a late renewal never brings back an ended session", "[session][R1]") {
    Store store;
    Tab a(store, "a");
    Tab b(store, "b");
    a.connect(portal);
    b.connect(portal);
    a.login("ada", "sid-1");
    b.notify();
    const Record as_b_remembers = store.shown();
    a.logout();

    SECTION("a tab that has not heard yet signs in to the same provider session") {
        CHECK(outcome(b.login("ada", "sid-1")) == Code::session_ended);
        CHECK(b.snapshot().status == Status::signed_out);
    }
    SECTION("a sleeping tab's old copy shows up in the store") {
        store.record = as_b_remembers;
        a.notify();
        CHECK_FALSE(is_active(store.shown()));
        b.notify();
        CHECK(b.snapshot().reason == EndReason::logout);
    }
    SECTION("a renewal written at the same moment lands after the end") {
        Record renewal = as_b_remembers;
        renewal.updated = {99, "b"};
        store.record = renewal;
        a.notify();
        CHECK(a.snapshot().status == Status::signed_out);
        CHECK_FALSE(is_active(store.shown()));
    }
}

TEST_CASE("a new login after the end is a new session", "[session][R1]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    a.login("ada", "sid-1");
    a.logout();
    CHECK(outcome(a.login("ada", "sid-2")) == std::nullopt);
    CHECK(a.snapshot().status == Status::signed_in);
}

TEST_CASE("a logout ends the session it names, not one created after it", "[session][R2]") {
    Store store;
    Tab a(store, "a");
    Tab b(store, "b");
    a.connect(portal);
    b.connect(portal);
    a.login("ada");
    b.notify();
    const auto ada = b.snapshot().session;
    a.login("grace");

    CHECK(outcome(b.logout(ada)) == std::nullopt);
    CHECK(b.snapshot().status == Status::signed_in);
    CHECK(b.snapshot().subject == "grace");
    CHECK(is_active(store.shown()));
}

TEST_CASE("order comes from counters, never from clocks", "[session][R3]") {
    Store store;
    Tab ahead(store, "a");
    Tab behind(store, "b");
    ahead.now = 4'000'000'000'000;
    behind.now = 1'000;
    ahead.connect(portal);
    behind.connect(portal);
    ahead.login("ada");
    behind.notify();
    behind.login("grace");
    ahead.notify();
    CHECK(ahead.snapshot().subject == "grace");
    CHECK(store.shown().created.revision > 1);
}

TEST_CASE("another user's login gives a user-change event", "[session]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    a.login("ada");
    CHECK(announced(a.login("grace")).session_events ==
          std::vector<SessionEvent>{session_event::UserChange{"ada", true}});
}

TEST_CASE("a login into the running session renews it and begins no other", "[session]") {
    Store store;
    Tab a(store, "a");
    Tab b(store, "b");
    a.connect(portal);
    b.connect(portal);
    a.login("ada", "sid-1", a.now + minute);
    const LogicalTimestamp created = store.shown().created;

    SECTION("with a later expiry") {
        b.login("ada", "sid-1", b.now + 2 * minute);
        CHECK(store.shown().created == created);
        CHECK(store.shown().expires_at == b.now + 2 * minute);
    }
    SECTION("an earlier expiry shortens nothing") {  // K8.5
        b.login("ada", "sid-1", b.now + 400);
        CHECK(store.shown().expires_at == b.now + minute);
    }
    SECTION("saying nothing new costs no write") {
        const int writes = store.writes;
        CHECK(outcome(b.login("ada", "sid-1")) == std::nullopt);
        CHECK(store.writes == writes);
    }
    SECTION("also with another session id: each app may have one of its own") {  // K2.3
        const int writes = store.writes;
        CHECK(only<effect::Announce>(b.login("ada", "sid-2")).size() == 1);  // b had not read the session before
        CHECK(only<effect::Announce>(a.login("ada", "sid-3")).empty());
        CHECK(store.shown().created == created);
        CHECK(store.shown().session_id == "sid-1");
        CHECK(store.writes == writes);
    }
}

TEST_CASE("an ended session keeps nobody's name", "[session][R13]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    a.handle(event::LoginReceived{a.port, 1, "ada", "sid-1", std::nullopt, R"({"name":"Ada"})"});
    a.logout();
    CHECK(store.shown().subject.empty());
    CHECK(store.shown().claims.empty());
    CHECK(store.shown().session_id == "sid-1");  // kept, for the end at the provider
}
