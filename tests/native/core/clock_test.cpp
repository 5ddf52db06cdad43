// A clock that was ahead and is set right: R8, "a stored time in the future is taken for now: it switches off no
// deadline". The wrong clock is ten hours ahead, as in the report from the field.
#include "tests/native/core/tab.hpp"

using namespace lockstep;
using namespace lockstep::test;

namespace {

constexpr EpochMs ahead_ms = 600 * minute;

Config acme_with(std::optional<EpochMs> idle_ms, std::optional<EpochMs> lifetime_ms) {
    Config config = acme();
    config.times.idle_timeout_ms = idle_ms;
    config.times.lifetime_max_ms = lifetime_ms;
    config.times.check_before_expiry_ms = 2 * minute;
    return config;
}

// Ada signs in while the clock is ahead, in two tabs of one browser; then the clock is set right.
struct Browser {
    explicit Browser(const Config& config) : a(store, "a", config), b(store, "b", config) {
        a.connect(portal);
        b.connect(portal);
        a.now = b.now = a.now + ahead_ms;
        a.login("ada", "s1", expires_in_ms ? std::optional(a.now + *expires_in_ms) : std::nullopt);
        b.notify();
        set_clock(a.now - ahead_ms);
    }
    void set_clock(EpochMs to) { a.now = b.now = to; }

    static inline std::optional<EpochMs> expires_in_ms;
    Store store;
    Tab a;
    Tab b;
};

}  // namespace

TEST_CASE("idle time counts from the moment at which the clock was set right", "[deadline][R8][R9]") {
    Browser browser(acme_with(15 * minute, std::nullopt));
    const EpochMs set_right_at = browser.a.now;
    const Effects effects = browser.a.handle(event::TimerFired{});
    CHECK(browser.a.snapshot().idle_at == set_right_at + 15 * minute);
    CHECK(only<effect::SetTimer>(effects).back() == effect::SetTimer{set_right_at + 15 * minute, WakeReason::idle_end});

    SECTION("and ends the session then, in every tab") {
        browser.b.notify();
        CHECK(browser.b.snapshot().idle_at == set_right_at + 15 * minute);
        browser.set_clock(set_right_at + 15 * minute);
        browser.b.handle(event::TimerFired{});
        CHECK(browser.store.shown().ended == End{EndReason::idle, "", set_right_at + 15 * minute});
    }
    SECTION("not from the later moment at which a tab that slept notices it") {
        browser.set_clock(set_right_at + 10 * minute);
        browser.b.handle(event::Woke{});
        CHECK(browser.store.shown().active_at == set_right_at);
        CHECK(browser.b.snapshot().idle_at == set_right_at + 15 * minute);
    }
    SECTION("or from an action of the user since") {
        browser.set_clock(set_right_at + 5 * minute);
        browser.b.touch();
        browser.a.notify();
        CHECK(browser.a.snapshot().idle_at == set_right_at + 20 * minute);
    }
}

TEST_CASE("a session's longest life counts from the moment at which the clock was set right", "[deadline][R8]") {
    Browser browser(acme_with(std::nullopt, 60 * minute));
    const EpochMs set_right_at = browser.a.now;
    browser.a.handle(event::Woke{});
    CHECK(browser.a.snapshot().signed_in_at == set_right_at);
    CHECK(browser.a.snapshot().expires_at == set_right_at + 60 * minute);
    browser.set_clock(set_right_at + 10 * minute);
    browser.b.handle(event::Woke{});
    CHECK(browser.b.snapshot().expires_at == set_right_at + 60 * minute);
}

TEST_CASE("a session whose times were in the future is checked at once", "[deadline][R8][R7]") {
    Browser::expires_in_ms = 30 * minute;
    Browser browser(acme_with(std::nullopt, std::nullopt));
    Browser::expires_in_ms.reset();
    REQUIRE(browser.store.shown().check_at == browser.a.now + ahead_ms + 28 * minute);
    browser.a.handle(event::Woke{});
    CHECK(browser.store.shown().check_at == browser.a.now);
    const Effects effects = browser.a.handle(event::DutiesReceived{browser.a.port, true, false});
    CHECK(only<effect::AskLock>(effects).size() == 1);
}

TEST_CASE("a hub that starts after the clock was set right corrects what it finds", "[deadline][R8]") {
    Browser browser(acme_with(15 * minute, std::nullopt));
    Tab fresh(browser.store, "c", acme_with(15 * minute, std::nullopt));
    fresh.connect(portal);
    CHECK(fresh.snapshot().idle_at == fresh.now + 15 * minute);
    CHECK(browser.store.shown().active_at == fresh.now);
}

TEST_CASE("tabs that correct a time at once agree, and write no more than one record each", "[deadline][R8][R3]") {
    Browser browser(acme_with(15 * minute, std::nullopt));
    const Record wrong = browser.store.shown();
    const int writes = browser.store.writes;
    browser.a.handle(event::Woke{});
    const Record by_a = browser.store.shown();
    browser.store.record = wrong;  // what b's process still shows
    browser.b.now += 3;
    browser.b.handle(event::Woke{});
    for (int round = 0; round < 3; ++round) {
        browser.a.handle(event::StoreChanged{by_a});
        browser.b.handle(event::StoreChanged{by_a});
    }
    CHECK(browser.a.snapshot() == browser.b.snapshot());
    CHECK(browser.a.state().record == browser.store.shown());
    CHECK(browser.store.writes == writes + 2);
}

TEST_CASE("clocks of two processes that differ by a moment correct nothing", "[deadline][R8]") {
    Store store;
    Tab a(store, "a", acme_with(15 * minute, 60 * minute));
    Tab b(store, "b", acme_with(15 * minute, 60 * minute));
    a.connect(portal);
    b.connect(portal);
    b.now -= 100;
    a.login("ada");
    const int writes = store.writes;
    b.notify();
    b.handle(event::TimerFired{});
    CHECK(store.writes == writes);
}

TEST_CASE("where the store refuses writes a time in the future is corrected in memory", "[deadline][R8]") {
    Browser browser(acme_with(15 * minute, std::nullopt));
    browser.store.full = true;
    const EpochMs set_right_at = browser.a.now;
    browser.a.handle(event::Woke{});
    CHECK(browser.a.snapshot().idle_at == set_right_at + 15 * minute);
    browser.set_clock(set_right_at + minute);
    browser.a.handle(event::Woke{});
    CHECK(browser.a.snapshot().idle_at == set_right_at + 15 * minute);
}
