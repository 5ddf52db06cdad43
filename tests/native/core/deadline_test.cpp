// Expiry and idle time: R8 and R9.
#include "tests/native/core/tab.hpp"

using namespace lockstep;
using namespace lockstep::test;

TEST_CASE("a session expires at its time, in every tab with one and the same text", "[deadline][R8]") {
    Store store;
    Tab a(store, "a");
    Tab b(store, "b");
    a.connect(portal);
    b.connect(billing);
    const EpochMs expiry = a.now + 10 * minute;
    const Effects effects = a.login("ada", std::nullopt, expiry);
    CHECK(only<effect::SetTimer>(effects) == std::vector{effect::SetTimer{expiry, WakeReason::expiry}});
    b.notify();
    const Record before = store.shown();

    a.now = b.now = expiry;
    CHECK(announced(a.handle(event::TimerFired{})).session_events ==
          std::vector<SessionEvent>{session_event::Logout{EndReason::expired, ""}});
    const Record by_a = store.shown();
    store.record = before;  // b decides at the same moment, not having seen a's write
    b.handle(event::TimerFired{});
    CHECK(store.shown() == by_a);
    CHECK(by_a.ended->at == expiry);
}

TEST_CASE("a timer is a hint: early it changes nothing and is set again, late any event does", "[deadline][R8]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    const EpochMs expiry = a.now + 10 * minute;
    a.login("ada", std::nullopt, expiry);

    a.now += minute;
    CHECK(a.handle(event::TimerFired{}) == Effects{effect::SetTimer{expiry, WakeReason::expiry}});

    a.now = expiry + minute;  // the timer was lost; the laptop slept
    const Effects effects = a.handle(event::WakeReceived{a.port, ++a.request});
    CHECK(announced(effects).snapshot.reason == EndReason::expired);
    CHECK(only<effect::SetTimer>(effects) == std::vector{effect::SetTimer{std::nullopt, WakeReason::expiry}});
}

TEST_CASE("a page that wakes sets its timer again, since the clock may have been set", "[deadline][R8]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    const EpochMs expiry = a.now + 10 * minute;
    a.login("ada", std::nullopt, expiry);
    a.now += 5 * minute;  // the browser's timer has counted none of these
    CHECK(only<effect::SetTimer>(a.handle(event::WakeReceived{a.port, ++a.request})) ==
          std::vector{effect::SetTimer{expiry, WakeReason::expiry}});
    CHECK(only<effect::SetTimer>(a.handle(event::StoreChanged{store.record})).empty());
}

TEST_CASE("a renewal in another tab is read before a deadline is acted on", "[deadline][R8]") {
    Store store;
    Tab a(store, "a");
    Tab b(store, "b");
    a.connect(portal);
    b.connect(portal);
    a.login("ada", std::nullopt, a.now + minute);
    b.notify();
    a.login("ada", std::nullopt, a.now + 30 * minute);
    b.now += 2 * minute;  // b got no notification of the renewal
    b.handle(event::TimerFired{});
    CHECK(b.snapshot().status == Status::signed_in);
}

TEST_CASE("a clock set back never revives a session", "[deadline][R8]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    a.login("ada", std::nullopt, a.now + minute);
    a.now += 2 * minute;
    a.handle(event::TimerFired{});
    a.now -= 10 * minute;
    a.handle(event::Woke{});
    CHECK(a.snapshot().reason == EndReason::expired);
}

TEST_CASE("with no deadline near nothing is set", "[deadline][R8]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    CHECK(only<effect::SetTimer>(a.login("ada")).empty());
    CHECK_FALSE(a.state().timer_at);
}

TEST_CASE("an expiry that has passed comes from another clock, and does not keep the user out", "[deadline][K1.3]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    CHECK(outcome(a.login("ada", std::nullopt, a.now)) == std::nullopt);
    CHECK(a.snapshot().status == Status::signed_in);
    CHECK_FALSE(a.snapshot().expires_at);
}

TEST_CASE("the lifetime ends a session however often it is renewed", "[deadline][R8]") {
    Store store;
    Config config = acme();
    config.times.lifetime_max_ms = 60 * minute;
    Tab a(store, "a", config);
    a.connect(portal);
    a.login("ada", std::nullopt, a.now + 50 * minute);
    const EpochMs end = a.now + 60 * minute;
    a.now += 40 * minute;
    CHECK(announced(a.login("ada", std::nullopt, a.now + 50 * minute)).snapshot.expires_at == end);
    a.now = end;
    a.handle(event::TimerFired{});
    CHECK(a.snapshot().reason == EndReason::expired);
}

TEST_CASE("the idle warning shows in every tab, and activity in one dismisses it in all", "[deadline][R9]") {
    Store store;
    Tab a(store, "a", acme_with_idle_time());
    Tab b(store, "b", acme_with_idle_time());
    a.connect(portal);
    b.connect(billing);
    a.login("ada");
    b.notify();
    const EpochMs idle_at = a.now + 15 * minute;

    a.now = b.now = idle_at - minute;
    CHECK(announced(a.handle(event::TimerFired{})).session_events ==
          std::vector<SessionEvent>{session_event::IdleWarning{idle_at}});
    CHECK(announced(b.handle(event::TimerFired{})).session_events ==
          std::vector<SessionEvent>{session_event::IdleWarning{idle_at}});

    b.touch();
    const auto effects = only<effect::Announce>(a.notify());
    REQUIRE_FALSE(effects.empty());
    CHECK(effects.back().session_events == std::vector<SessionEvent>{session_event::IdleResume{}});
    CHECK(effects.back().snapshot.idle_at == idle_at - minute + 15 * minute);
}

TEST_CASE("an idle session ends once, with one reason", "[deadline][R9]") {
    Store store;
    Tab a(store, "a", acme_with_idle_time());
    Tab b(store, "b", acme_with_idle_time());
    a.connect(portal);
    b.connect(billing);
    a.login("ada");
    b.notify();
    a.now = b.now = a.now + 15 * minute;
    a.handle(event::TimerFired{});
    const int writes = store.writes;
    b.handle(event::TimerFired{});
    CHECK(store.writes == writes);
    CHECK(a.snapshot().reason == EndReason::idle);
    CHECK(b.snapshot().reason == EndReason::idle);
}

TEST_CASE("activity is written coarsely, and seen by a tab that slept", "[deadline][R9]") {
    Store store;
    Tab a(store, "a", acme_with_idle_time());
    Tab b(store, "b", acme_with_idle_time());
    a.connect(portal);
    b.connect(portal);
    a.login("ada");
    b.notify();
    const int writes = store.writes;
    for (int i = 0; i < 10; ++i) {
        a.now += 1'000;
        a.touch();
    }
    CHECK(store.writes == writes);  // 15 minutes / 60 = at most one write in 15 s
    a.now += 10'000;
    a.touch();
    CHECK(store.writes == writes + 1);

    // b got no notification, and its deadline by memory has passed: it reads before it acts.
    b.now = a.now + 14 * minute + 55'000;
    b.handle(event::TimerFired{});
    CHECK(b.snapshot().status == Status::signed_in);
}

TEST_CASE("a touch after the deadline comes too late", "[deadline][R9]") {
    Store store;
    Tab a(store, "a", acme_with_idle_time());
    a.connect(portal);
    a.login("ada");
    a.now += 16 * minute;
    a.touch();
    CHECK(a.snapshot().reason == EndReason::idle);
}
