// R6: ending the session at the provider, once, after it has ended here.
#include "tests/native/core/duty_browser.hpp"

namespace lockstep::test {

TEST_CASE("R6: the tab that logs out ends the session at the provider, and no other", "[core][duty]") {
    Browser acme{2};
    acme.sign_in();
    CHECK(only<effect::AskLock>(acme.tabs[0].logout()).size() == 1);
    const auto call = called(acme.tabs[0]);
    CHECK(call.end_reason == EndReason::logout);
    acme.spread();
    acme.pass(limits::end_duty_grace_ms);
    CHECK(only<effect::AskLock>(timer(acme.tabs[1])).empty());
    CHECK(only<effect::ReleaseLock>(answers(acme.tabs[0], call.call, Outcome::done)).size() == 1);
    acme.spread();
    acme.pass(60 * minute);
    CHECK(only<effect::AskLock>(timer(acme.tabs[0])).empty());
    CHECK(only<effect::AskLock>(timer(acme.tabs[1])).empty());
}

TEST_CASE("R6: a page that leaves while it ends the session has done it", "[core][duty][K3.1]") {
    Browser acme{3};
    acme.sign_in();
    static_cast<void>(acme.tabs[0].logout());
    CHECK(called(acme.tabs[0]).duty == DutyKind::end);
    acme.spread();
    static_cast<void>(acme.tabs[0].handle(event::Leaving{}));
    CHECK(acme.store.shown().duty.state == DutyState::done);
    acme.pass(minute);
    acme.spread();
    for (const std::size_t other : {1U, 2U}) CHECK(only<effect::AskLock>(timer(acme.tabs[other])).empty());
    // Back from the provider, on a page with a new hub.
    Tab back{acme.store, "n", acme_with_checks()};
    static_cast<void>(back.connect(portal));
    CHECK(only<effect::AskLock>(back.handle(event::DutiesReceived{back.port, true, true})).empty());
}

TEST_CASE("R6: an end that nobody ended at the provider is done by who comes next", "[core][duty]") {
    Browser acme{1};
    acme.sign_in();
    static_cast<void>(acme.tabs[0].handle(event::DutiesReceived{acme.tabs[0].port, false, false}));
    static_cast<void>(acme.tabs[0].logout());
    Tab next{acme.store, "z", acme_with_checks()};
    next.now = acme.tabs[0].now + limits::end_duty_grace_ms;
    static_cast<void>(next.connect(portal));
    CHECK(only<effect::AskLock>(next.handle(event::DutiesReceived{next.port, false, true})).size() == 1);
}

TEST_CASE("R6: an end that keeps failing at the provider is given up", "[core][duty]") {
    Browser acme{1};
    acme.sign_in();
    Effects before = acme.tabs[0].logout();
    for (std::int64_t i = 1; i <= limits::end_failures_max; ++i) {
        REQUIRE(only<effect::AskLock>(before).size() == 1);
        static_cast<void>(answers(acme.tabs[0], called(acme.tabs[0]).call, Outcome::unknown));
        acme.pass(limits::retry_ms_max * 2);
        before = timer(acme.tabs[0]);
    }
    CHECK(acme.store.shown().duty.state == DutyState::done);
    CHECK(only<effect::AskLock>(before).empty());
}

TEST_CASE("another tab's logout is not an app's own because this hub had an end that was not stored", "[core][duty]") {
    Browser acme{2};
    acme.sign_in();
    Tab& asking = acme.tabs[0];
    const LastSeen ada{acme.store.shown().created, "ada"};
    static_cast<void>(asks(asking, 7));
    const CallId call = called(asking).call;
    acme.store.full = true;
    static_cast<void>(answers(asking, call, Outcome::inactive));
    REQUIRE(asking.snapshot().reason == EndReason::revoked);
    acme.store.full = false;
    Tab& other = acme.tabs[1];
    static_cast<void>(other.notify());
    other.now += minute;
    static_cast<void>(asks(other, 8));
    static_cast<void>(called(other));  // a claim, so that what follows has a later revision than the lost end
    static_cast<void>(other.logout());
    static_cast<void>(asking.notify());
    REQUIRE(asking.snapshot().reason == EndReason::logout);
    const auto welcomes = only<effect::Welcome>(asking.connect(portal, ada));
    REQUIRE(welcomes.size() == 1);
    CHECK(welcomes.front().session_events ==
          std::vector<SessionEvent>{session_event::Logout{EndReason::logout, portal}});
}

}  // namespace lockstep::test
