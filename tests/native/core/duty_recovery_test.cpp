// R6 and R8, when things go wrong around a duty: the lock is lost, the page was frozen, it goes, or the clock is set.
#include "tests/native/core/duty_browser.hpp"

namespace lockstep::test {
namespace {

// The first tab has claimed the check and is at it; the second waits for the claim to end.
struct TakenOver : Browser {
    CallId call = 0;

    TakenOver() : Browser(2) {
        sign_in();
        pass(10 * minute - check_before);
        static_cast<void>(timer(tabs[0]));
        call = called(tabs[0]).call;
        static_cast<void>(tabs[1].notify());
        tabs[1].now += limits::claim_ms;
        static_cast<void>(timer(tabs[1]));
        static_cast<void>(lock(tabs[1], LockAnswer::busy));
        tabs[1].now += 2 * limits::lock_retry_ms;
        REQUIRE(only<effect::AskLock>(timer(tabs[1])) == std::vector{effect::AskLock{true}});
    }
};

}  // namespace

TEST_CASE("R6: who loses the lock stops when another has claimed the duty", "[core][duty]") {
    TakenOver acme;
    static_cast<void>(called(acme.tabs[1]));
    const auto lost = acme.tabs[0].handle(event::LockLost{});
    CHECK(only<effect::CancelDuty>(lost).size() == 1);
    CHECK(only<effect::ReleaseLock>(lost).empty());
    CHECK(acme.store.shown().duty.epoch == LogicalTimestamp{acme.tabs[1].state().own_duty->revision, "b"});
}

TEST_CASE("R6: of two that take the lock over from each other one goes on", "[core][duty]") {
    TakenOver acme;
    static_cast<void>(called(acme.tabs[1]));
    // The first one had asked to take it over as well, and is answered later. It sees the new claim and makes none, so
    // its victim must go on.
    CHECK(only<effect::CallDuty>(lock(acme.tabs[0], LockAnswer::granted)).empty());
    const auto lost = acme.tabs[1].handle(event::LockLost{});
    CHECK(only<effect::CancelDuty>(lost).empty());
    CHECK(acme.tabs[1].state().own_duty->stage == DutyStage::acting);
}

TEST_CASE("R6: one request for the lock at a time, and its answer is given back when the duty is gone",
          "[core][duty]") {
    Browser acme{1};
    acme.sign_in();
    Tab& tab = acme.tabs[0];
    CHECK(only<effect::AskLock>(asks(tab, 91)).size() == 1);
    CHECK(only<effect::AskLock>(tab.logout()).empty());
    const auto answered = lock(tab, LockAnswer::granted);
    CHECK(only<effect::CallDuty>(answered).empty());
    CHECK(only<effect::ReleaseLock>(answered).size() == 1);
    CHECK(only<effect::AskLock>(answered).size() == 1);  // now for the end at the provider
}

TEST_CASE("R6: a page that was frozen after its claim does not begin under it when it has ended", "[core][duty]") {
    Browser acme{1};
    acme.sign_in();
    Tab& tab = acme.tabs[0];
    static_cast<void>(asks(tab, 91));
    CHECK(only<effect::CallDuty>(lock(tab, LockAnswer::missing)).empty());
    const LogicalTimestamp claimed = acme.store.shown().duty.epoch;
    acme.pass(limits::claim_ms);
    const auto thawed = tab.handle(event::Woke{});
    CHECK(only<effect::CallDuty>(thawed).empty());
    CHECK(only<effect::AskLock>(thawed).size() == 1);
    static_cast<void>(lock(tab, LockAnswer::missing));
    CHECK(claimed < acme.store.shown().duty.epoch);
}

TEST_CASE("R6: a page that goes while the tombstone is awaited holds no lock across it", "[core][duty]") {
    Browser acme{2};
    Tab& tab = acme.tabs[1];
    acme.sign_in();
    static_cast<void>(acme.tabs[0].handle(event::DutiesReceived{acme.tabs[0].port, false, false}));
    static_cast<void>(acme.tabs[0].logout());
    acme.pass(limits::end_duty_grace_ms);
    REQUIRE(only<effect::AskLock>(tab.notify()).size() == 1);
    REQUIRE(only<effect::CallDuty>(lock(tab, LockAnswer::granted)).size() == 1);
    // A login must know the tombstone before it is decided.
    const State asked =
        step(tab.state(), tab.now, event::LoginReceived{tab.port, 92, "grace", std::nullopt, std::nullopt, ""}).state;
    const State awaits = step(asked, tab.now, event::RecordRead{acme.store.record}).state;
    REQUIRE(awaits.phase == Phase::reconciling);
    const auto gone = step(awaits, tab.now, event::Leaving{}).effects;
    CHECK(only<effect::CancelDuty>(gone).size() == 1);
    CHECK(only<effect::ReleaseLock>(gone).size() == 1);
}

TEST_CASE("R6: a page that goes as its store opens waits with no lock for the tombstone", "[core][duty]") {
    Browser acme{1};
    acme.sign_in();
    static_cast<void>(acme.tabs[0].handle(event::DutiesReceived{acme.tabs[0].port, false, false}));
    static_cast<void>(acme.tabs[0].logout());
    const Read ended = acme.store.record;
    static_cast<void>(acme.tabs[0].login("grace"));
    const Read active = std::exchange(acme.store.record, read::Blocked{});
    Tab tab{acme.store, "n", acme_with_checks()};
    static_cast<void>(tab.connect(portal));
    static_cast<void>(tab.handle(event::DutiesReceived{tab.port, false, true}));
    static_cast<void>(tab.handle(event::StoreChanged{ended}));
    tab.now += limits::end_duty_grace_ms;
    REQUIRE(only<effect::AskLock>(tab.handle(event::Woke{})).size() == 1);
    REQUIRE(only<effect::CallDuty>(lock(tab, LockAnswer::granted)).size() == 1);
    const State leaves = step(tab.state(), tab.now, event::Leaving{}).state;
    const Step opened = step(leaves, tab.now, event::RecordRead{active});
    REQUIRE(opened.state.phase == Phase::reconciling);
    CHECK(only<effect::CancelDuty>(opened.effects).size() == 1);
    CHECK(only<effect::ReleaseLock>(opened.effects).size() == 1);
}

TEST_CASE("R6: nobody waits any more for the check of an app that has left", "[core][duty]") {
    Browser acme{2};
    acme.sign_in();
    Tab& tab = acme.tabs[1];
    static_cast<void>(tab.handle(event::DutiesReceived{tab.port, false, false}));
    static_cast<void>(asks(tab, 91));
    REQUIRE(tab.state().waiting_checks.size() == 1);
    static_cast<void>(tab.handle(event::GoodbyeReceived{tab.port}));
    CHECK(tab.state().waiting_checks.empty());
}

TEST_CASE("R8: after a clock set back a duty is due at once, and not a little later for ever", "[core][duty]") {
    Browser acme{1};
    acme.sign_in(300 * minute);
    Tab& tab = acme.tabs[0];
    SECTION("the end of a session") {
        static_cast<void>(acme.tabs[0].handle(event::DutiesReceived{tab.port, false, false}));
        static_cast<void>(tab.logout());
        Tab next{acme.store, "z", acme_with_checks()};
        next.now = tab.now - 60 * minute;
        static_cast<void>(next.connect(portal));
        CHECK(only<effect::AskLock>(next.handle(event::DutiesReceived{next.port, false, true})).size() == 1);
    }
    SECTION("a claim, in a hidden tab") {
        static_cast<void>(asks(tab, 91));
        static_cast<void>(called(tab));
        Tab next{acme.store, "z", acme_with_checks()};
        next.now = tab.now - 60 * minute;
        static_cast<void>(next.handle(event::VisibilityChanged{false}));
        static_cast<void>(next.connect(portal));
        CHECK(only<effect::AskLock>(next.handle(event::DutiesReceived{next.port, true, false})).size() == 1);
    }
    SECTION("a claim that settles") {
        static_cast<void>(asks(tab, 91));
        static_cast<void>(lock(tab, LockAnswer::missing));
        acme.pass(-60 * minute);
        CHECK(only<effect::CallDuty>(timer(tab)).size() == 1);
    }
    SECTION("an app that does not answer") {
        static_cast<void>(asks(tab, 91));
        static_cast<void>(called(tab));
        acme.pass(-60 * minute);
        CHECK(only<effect::CancelDuty>(timer(tab)).size() == 1);
        CHECK(acme.store.shown().duty.state == DutyState::unknown);
    }
    SECTION("a lock that was busy") {
        static_cast<void>(asks(tab, 91));
        static_cast<void>(lock(tab, LockAnswer::busy));
        acme.pass(-60 * minute);
        CHECK(only<effect::AskLock>(timer(tab)).size() == 1);
    }
}

TEST_CASE("R8: a session that ended before its write was confirmed is not announced as active", "[session][R8]") {
    Store store;
    Tab tab(store, "a");
    static_cast<void>(tab.connect(portal));
    static_cast<void>(tab.login("ada"));
    static_cast<void>(tab.logout());
    const event::LoginReceived login{tab.port, 92, "grace", std::nullopt, tab.now + minute, "", tab.shown_end()};
    const State asked = step(tab.state(), tab.now, login).state;
    const Step writes = step(asked, tab.now, event::RecordRead{store.record});
    const auto asked_to_write = only<effect::WriteRecord>(writes.effects);
    REQUIRE(asked_to_write.size() == 1);
    const Step late = step(writes.state, tab.now + 2 * minute, event::RecordWritten{asked_to_write.front().write_id});
    CHECK(only<effect::Announce>(late.effects).empty());
    CHECK(only<effect::ReadRecord>(late.effects).size() == 1);
}

}  // namespace lockstep::test
