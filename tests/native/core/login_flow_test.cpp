// What a login proves (R1): which of a login and an end began first is told by what the app had been shown, and by
// nothing else. The cases are those of the stacks that people have.
#include "tests/native/core/tab.hpp"

namespace lockstep::test {
namespace {

// Two apps of one store, each with a session id of its own.
struct TwoApps {
    Store store;
    Tab portal_tab{store, "p"};
    Tab billing_tab{store, "b", everybody_may_log_in()};

    TwoApps() {
        portal_tab.connect(portal);
        billing_tab.connect(billing);
    }

    static Config everybody_may_log_in() {
        Config config = acme();
        for (App& app : config.apps) app.capabilities.grant(Capability::login);
        return config;
    }
};

}  // namespace

TEST_CASE("a login that began before a logout loses against it, whatever its id", "[login][R1][K2.1]") {
    TwoApps acme;
    acme.portal_tab.login("ada", "portal-sid");
    acme.billing_tab.notify();
    const auto begun = acme.billing_tab.shown_end();  // billing's silent sign-in begins here
    acme.portal_tab.logout();
    const auto session_id = GENERATE(values<std::optional<std::string>>({"portal-sid", "billing-sid", std::nullopt}));
    const auto* subject = GENERATE("ada", "grace");
    CHECK(outcome(acme.billing_tab.log_in(begun, subject, session_id)) == Code::session_ended);
    CHECK_FALSE(is_active(acme.store.shown()));
}

TEST_CASE("a login that began after the logout gets in, with the same session id too", "[login][R1][K2.4][K2.5]") {
    TwoApps acme;
    acme.portal_tab.login("ada", "sid-1");
    acme.portal_tab.logout();
    const auto session_id = GENERATE(values<std::optional<std::string>>({"sid-1", "sid-2", std::nullopt}));
    CHECK(outcome(acme.portal_tab.login("ada", session_id)) == std::nullopt);
    CHECK(is_active(acme.store.shown()));
}

TEST_CASE("a refused login has been shown the end, so that the next one gets in", "[login][R1]") {
    TwoApps acme;
    acme.portal_tab.login("ada");
    acme.portal_tab.logout();
    CHECK(outcome(acme.billing_tab.log_in(std::nullopt, "ada")) == Code::session_ended);
    CHECK(outcome(acme.billing_tab.login("ada")) == std::nullopt);
}

TEST_CASE("an end that was no act refuses nobody", "[login][R1][K1.1]") {
    Store store;
    Tab a(store, "a", acme_with_idle_time());
    a.connect(portal);
    a.login("ada", "sid-1", a.now + minute);
    const auto begun = a.shown_end();
    SECTION("expired") { a.now += minute; }
    SECTION("idle") {
        a.login("ada", "sid-1", a.now + 60 * minute);
        a.now += 15 * minute;
    }
    SECTION("cleared") { a.handle(event::StoreCleared{}); }
    a.handle(event::TimerFired{});
    REQUIRE_FALSE(is_active(store.shown()));
    CHECK(outcome(a.log_in(begun, "ada", "sid-1")) == std::nullopt);
    CHECK(is_active(store.shown()));
}

TEST_CASE("two that sign in at the same moment are one session, and one logout ends it", "[login][R2][K2.2]") {
    TwoApps acme;
    acme.portal_tab.login("ada", "portal-sid");
    const Record first = acme.store.shown();
    acme.store.record = read::Absent{};  // billing's process does not show it yet
    acme.billing_tab.login("ada", "billing-sid");
    const Record second = acme.store.shown();
    REQUIRE(second.created < first.created);  // by the writer
    SECTION("the one that lost gets no event, since the same person is signed in") {
        acme.store.record = first;
        CHECK(announced(acme.billing_tab.notify()).session_events.empty());
    }
    SECTION("a logout that names the session which lost ends the one that won") {
        acme.store.record = first;
        CHECK(outcome(acme.billing_tab.logout(second.created)) == std::nullopt);
        CHECK_FALSE(is_active(acme.store.shown()));
    }
    SECTION("nor does the one that won survive where the logout was decided without it") {
        acme.store.record = second;
        acme.billing_tab.logout(second.created);
        const Record end = acme.store.shown();
        CHECK_FALSE(is_active(merge(end, first)));
        CHECK(merge(end, first).ended == end.ended);
    }
}

TEST_CASE("the end is remembered through the next sessions", "[login][R1][K8.4]") {
    TwoApps acme;
    acme.portal_tab.login("ada", "sid-7");
    acme.billing_tab.notify();
    const auto begun = acme.billing_tab.shown_end();  // ada's slow tab
    acme.portal_tab.logout();
    acme.portal_tab.login("grace", "sid-8");
    CHECK(outcome(acme.billing_tab.log_in(begun, "ada", "sid-7")) == Code::session_ended);
    CHECK(acme.store.shown().subject == "grace");
}

TEST_CASE("what was shown of another store says nothing of this one", "[login][scope][R1]") {
    TwoApps acme;
    acme.portal_tab.login("ada");
    acme.portal_tab.logout();
    CHECK(outcome(acme.billing_tab.log_in(LastEnd{99, Medium::cookie}, "ada")) == Code::session_ended);
}

TEST_CASE("a logout counts also where the session has just ended by itself", "[login][R1]") {
    TwoApps acme;
    acme.portal_tab.login("ada", "sid-1", acme.portal_tab.now + minute);
    acme.billing_tab.notify();
    const auto begun = acme.billing_tab.shown_end();
    acme.portal_tab.now += minute;
    acme.portal_tab.logout();
    CHECK(acme.store.shown().ended->reason == EndReason::logout);
    CHECK(outcome(acme.billing_tab.log_in(begun, "ada", "sid-1")) == Code::session_ended);
}

TEST_CASE("a check that fell due in sleep is asked before the expiry counts", "[deadline][R7][K1.2]") {
    Store store;
    Config config = acme();
    config.times.check_before_expiry_ms = minute;
    config.times.lifetime_max_ms = 60 * minute;
    Tab a(store, "a", config);
    a.connect(portal);
    a.login("ada", "sid-1", a.now + 10 * minute);
    SECTION("for a bounded time") {
        a.now += 20 * minute;
        a.handle(event::Woke{});
        CHECK(a.snapshot().status == Status::signed_in);
        CHECK(a.state().timer_at == a.now + limits::expiry_wait_ms);
        a.now += limits::expiry_wait_ms;
        CHECK(announced(a.handle(event::TimerFired{})).snapshot.reason == EndReason::expired);
        CHECK(store.shown().ended->at == 1'000'000'000 + 10 * minute);  // alike in every tab
    }
    SECTION("but not before the bound on its whole life, nor before the idle end") {
        a.now += 60 * minute;
        CHECK(announced(a.handle(event::Woke{})).snapshot.reason == EndReason::expired);
    }
    SECTION("a clock that is set back meanwhile makes the wait no longer") {
        a.now += 20 * minute;
        a.handle(event::Woke{});
        a.now -= 5 * minute;
        a.handle(event::Woke{});
        a.now += limits::expiry_wait_ms;
        CHECK(announced(a.handle(event::TimerFired{})).snapshot.reason == EndReason::expired);
    }
}

}  // namespace lockstep::test
