// R6 and R7: one tab acts for all, and only a provider that says no ends the session.
#include "tests/native/core/duty_browser.hpp"

namespace lockstep::test {

TEST_CASE("R6: a check falls due before expiry, and the one who has the lock does it", "[core][duty]") {
    Browser acme{2};
    acme.sign_in();
    acme.pass(10 * minute - check_before - 1);
    CHECK(only<effect::AskLock>(timer(acme.tabs[0])).empty());
    acme.pass(1);
    CHECK(only<effect::AskLock>(timer(acme.tabs[0])) == std::vector{effect::AskLock{false}});
    CHECK(only<effect::AskLock>(timer(acme.tabs[1])) == std::vector{effect::AskLock{false}});
    CHECK(only<effect::CallDuty>(lock(acme.tabs[1], LockAnswer::busy)).empty());
    const auto call = called(acme.tabs[0]);
    CHECK(call.check_reason == CheckReason::expiry);
    CHECK(acme.store.shown().duty.state == DutyState::claimed);

    const EpochMs later = acme.tabs[0].now + 10 * minute;
    const auto done = answers(acme.tabs[0], call.call, Outcome::active, later);
    CHECK(only<effect::ReleaseLock>(done).size() == 1);
    CHECK(announced(done).snapshot.expires_at == later);
    CHECK(announced(acme.tabs[1].notify()).snapshot.expires_at == later);
    CHECK(only<effect::AskLock>(timer(acme.tabs[1])).empty());
    CHECK(acme.store.shown().check_at == later - check_before);
}

TEST_CASE("R6: a hidden tab leaves the check to a visible one", "[core][duty]") {
    Browser acme{2};
    static_cast<void>(acme.tabs[1].handle(event::VisibilityChanged{false}));
    acme.sign_in();
    acme.pass(10 * minute - check_before);
    CHECK(only<effect::AskLock>(timer(acme.tabs[1])).empty());
    acme.pass(limits::duty_hidden_grace_ms);
    CHECK(only<effect::AskLock>(timer(acme.tabs[1])).size() == 1);
}

TEST_CASE("R6: without locks a claim settles, and of two the later one acts", "[core][duty]") {
    Browser acme{2};
    acme.sign_in();
    acme.pass(10 * minute - check_before);
    static_cast<void>(timer(acme.tabs[0]));
    static_cast<void>(timer(acme.tabs[1]));
    const Read before = acme.store.record;
    CHECK(only<effect::CallDuty>(lock(acme.tabs[0], LockAnswer::missing)).empty());
    const Record first = acme.store.shown();
    acme.store.record = before;  // the second one's process does not see the first one's write yet
    CHECK(only<effect::CallDuty>(lock(acme.tabs[1], LockAnswer::missing)).empty());
    acme.store.record = merge(first, acme.store.shown());
    acme.pass(limits::claim_settle_ms);
    CHECK(only<effect::CallDuty>(timer(acme.tabs[0])).empty());
    CHECK(only<effect::CallDuty>(timer(acme.tabs[1])).size() == 1);
}

TEST_CASE("R6: a claim that has ended is taken over, and the late outcome is fenced", "[core][duty]") {
    Browser acme{2};
    acme.sign_in();
    acme.pass(10 * minute - check_before);
    static_cast<void>(timer(acme.tabs[0]));
    const auto late = called(acme.tabs[0]);
    static_cast<void>(acme.tabs[1].notify());
    acme.tabs[1].now += limits::claim_ms - 1;  // the first tab is frozen
    CHECK(only<effect::AskLock>(timer(acme.tabs[1])).empty());
    acme.tabs[1].now += 1;
    CHECK(only<effect::AskLock>(timer(acme.tabs[1])) == std::vector{effect::AskLock{false}});
    static_cast<void>(lock(acme.tabs[1], LockAnswer::busy));  // it holds the lock still
    acme.tabs[1].now += 2 * limits::lock_retry_ms;
    CHECK(only<effect::AskLock>(timer(acme.tabs[1])) == std::vector{effect::AskLock{true}});
    const auto call = called(acme.tabs[1]);
    const EpochMs later = acme.tabs[1].now + 10 * minute;
    static_cast<void>(answers(acme.tabs[1], call.call, Outcome::active, later));

    const auto fenced = answers(acme.tabs[0], late.call, Outcome::inactive);
    CHECK(only<effect::CancelDuty>(fenced).size() == 1);
    CHECK(acme.tabs[0].snapshot().status == Status::signed_in);
    CHECK(acme.store.shown().expires_at == later);
}

TEST_CASE("R6: a tab that goes hands its duty over at once", "[core][duty]") {
    Browser acme{2};
    acme.sign_in();
    acme.pass(10 * minute - check_before);
    static_cast<void>(timer(acme.tabs[0]));
    static_cast<void>(called(acme.tabs[0]));
    static_cast<void>(acme.tabs[1].notify());
    SECTION("because its page goes") {
        const auto gone = acme.tabs[0].handle(event::Leaving{});
        CHECK(only<effect::ReleaseLock>(gone).size() == 1);
        CHECK(only<effect::CancelDuty>(gone).size() == 1);
    }
    SECTION("because its app says goodbye") {
        static_cast<void>(acme.tabs[0].handle(event::GoodbyeReceived{acme.tabs[0].port}));
    }
    SECTION("because its app cannot any more") {
        static_cast<void>(acme.tabs[0].handle(event::DutiesReceived{acme.tabs[0].port, false, true}));
    }
    CHECK(acme.store.shown().duty.state == DutyState::wanted);
    CHECK(only<effect::AskLock>(acme.tabs[1].notify()).size() == 1);
    CHECK(only<effect::CallDuty>(lock(acme.tabs[1], LockAnswer::granted)).size() == 1);
}

TEST_CASE("R6: whoever asks for a check gets the outcome of the one that all share", "[core][duty]") {
    Browser acme{3};
    acme.sign_in();
    static_cast<void>(acme.tabs[2].handle(event::DutiesReceived{acme.tabs[2].port, false, false}));
    CHECK(only<effect::AskLock>(asks(acme.tabs[0], 91)).size() == 1);
    const auto call = called(acme.tabs[0]);
    CHECK(call.check_reason == CheckReason::request);
    static_cast<void>(acme.tabs[1].notify());
    CHECK(only<effect::AskLock>(asks(acme.tabs[1], 92)).empty());
    CHECK(only<effect::AskLock>(asks(acme.tabs[2], 93)).empty());

    SECTION("active") {
        CHECK(told_outcome(answers(acme.tabs[0], call.call, Outcome::active)) == Outcome::active);
        CHECK(told_outcome(acme.tabs[1].notify()) == Outcome::active);
        CHECK(told_outcome(acme.tabs[2].notify()) == Outcome::active);
    }
    SECTION("inactive") {
        CHECK(told_outcome(answers(acme.tabs[0], call.call, Outcome::inactive)) == Outcome::inactive);
        CHECK(told_outcome(acme.tabs[1].notify()) == Outcome::inactive);
        CHECK(acme.tabs[2].snapshot().reason != EndReason::revoked);  // it has got no notification yet
        CHECK(told_outcome(acme.tabs[2].notify()) == Outcome::inactive);
        CHECK(acme.tabs[2].snapshot().reason == EndReason::revoked);
        CHECK(acme.tabs[2].snapshot().ended_by == portal);
    }
    SECTION("unknown") {
        CHECK(told_outcome(answers(acme.tabs[0], call.call, Outcome::unknown)) == Outcome::unknown);
        CHECK(told_outcome(acme.tabs[1].notify()) == Outcome::unknown);
        CHECK(told_outcome(acme.tabs[2].notify()) == Outcome::unknown);
        CHECK(acme.tabs[2].snapshot().status == Status::signed_in);  // R7
    }
}

TEST_CASE("R6: who cannot check asks the others to, and does not wait for ever", "[core][duty]") {
    Browser acme{2};
    acme.sign_in();
    static_cast<void>(acme.tabs[0].handle(event::DutiesReceived{acme.tabs[0].port, false, false}));
    CHECK(only<effect::AskLock>(asks(acme.tabs[0], 91)).empty());
    CHECK(acme.store.shown().duty.state == DutyState::wanted);
    SECTION("one takes it up") {
        CHECK(only<effect::AskLock>(acme.tabs[1].notify()).size() == 1);
        const auto call = called(acme.tabs[1]);
        static_cast<void>(answers(acme.tabs[1], call.call, Outcome::active));
        CHECK(told_outcome(acme.tabs[0].notify()) == Outcome::active);
    }
    SECTION("nobody does") {
        acme.pass(limits::check_claim_wait_ms - 1);
        CHECK(told_outcome(timer(acme.tabs[0])) == std::nullopt);
        acme.pass(1);
        CHECK(told_outcome(timer(acme.tabs[0])) == Outcome::unknown);
    }
}

TEST_CASE("R6: an outcome a moment ago answers a request, an older one does not", "[core][duty]") {
    Browser acme{1};
    acme.sign_in();
    static_cast<void>(asks(acme.tabs[0], 91));
    static_cast<void>(answers(acme.tabs[0], called(acme.tabs[0]).call, Outcome::active));
    acme.pass(limits::check_fresh_ms - 1);
    CHECK(told_outcome(asks(acme.tabs[0], 92)) == Outcome::active);
    acme.pass(1);
    const auto asked = asks(acme.tabs[0], 93);
    CHECK(told_outcome(asked) == std::nullopt);
    CHECK(only<effect::AskLock>(asked).size() == 1);
}

TEST_CASE("R13: an outcome with a secret in it counts for nothing, and its app gets an error", "[core][duty]") {
    Browser acme{1};
    acme.sign_in();
    static_cast<void>(asks(acme.tabs[0], 91));
    const auto call = called(acme.tabs[0]).call;
    const auto done = acme.tabs[0].handle(
        event::OutcomeReceived{acme.tabs[0].port, call, Outcome::unknown, std::nullopt, "", Code::secret_refused});
    CHECK(only<effect::ErrorNotice>(done).front().code == Code::secret_refused);
    CHECK(told_outcome(done) == Outcome::unknown);
}

TEST_CASE("R6: without a session a check is answered at once", "[core][duty]") {
    Browser acme{1};
    CHECK(told_outcome(asks(acme.tabs[0], 91)) == Outcome::inactive);
    acme.sign_in();
    static_cast<void>(acme.tabs[0].logout());
    CHECK(told_outcome(asks(acme.tabs[0], 92)) == Outcome::inactive);
}

TEST_CASE("R6: a logout during a check cancels it, and its outcome counts for nothing", "[core][duty]") {
    Browser acme{2};
    acme.sign_in();
    static_cast<void>(asks(acme.tabs[0], 91));
    const auto call = called(acme.tabs[0]);
    static_cast<void>(acme.tabs[1].notify());
    static_cast<void>(acme.tabs[1].logout());
    const auto heard = acme.tabs[0].notify();
    CHECK(only<effect::CancelDuty>(heard) == std::vector{effect::CancelDuty{acme.tabs[0].port, call.call}});
    CHECK(told_outcome(heard) == Outcome::inactive);
    static_cast<void>(answers(acme.tabs[0], call.call, Outcome::active, acme.tabs[0].now + minute));
    CHECK(acme.tabs[0].snapshot().reason == EndReason::logout);
}

TEST_CASE("R7: what fails is tried again, later each time, and never signs out before expiry", "[core][duty]") {
    Browser acme{1};
    acme.sign_in(300 * minute);
    acme.pass(300 * minute - check_before);
    EpochMs last_delay = 0;
    for (int i = 0; i < 3; ++i) {
        REQUIRE(only<effect::AskLock>(timer(acme.tabs[0])).size() == 1);
        static_cast<void>(answers(acme.tabs[0], called(acme.tabs[0]).call, Outcome::unknown));
        const Duty duty = acme.store.shown().duty;
        CHECK(duty.failures == i + 1);
        const EpochMs delay = duty.at - acme.tabs[0].now;
        CHECK(delay > last_delay);
        CHECK(acme.tabs[0].snapshot().status == Status::signed_in);
        last_delay = delay;
        acme.pass(delay);
    }
    acme.pass(check_before);
    static_cast<void>(timer(acme.tabs[0]));
    CHECK(acme.tabs[0].snapshot().status == Status::signed_in);
    acme.pass(limits::expiry_wait_ms);
    static_cast<void>(timer(acme.tabs[0]));
    CHECK(acme.tabs[0].snapshot().reason == EndReason::expired);
}

TEST_CASE("R7: a tab that wakes tries again, but not at every touch of the window", "[core][duty]") {
    Browser acme{1};
    acme.sign_in(300 * minute);
    for (int i = 0; i < 4; ++i) {
        static_cast<void>(asks(acme.tabs[0], 91));
        static_cast<void>(answers(acme.tabs[0], called(acme.tabs[0]).call, Outcome::unknown));
        acme.pass(limits::retry_ms_min);
    }
    static_cast<void>(asks(acme.tabs[0], 91));
    static_cast<void>(answers(acme.tabs[0], called(acme.tabs[0]).call, Outcome::unknown));
    SECTION("not woken, it waits") {
        acme.pass(limits::retry_ms_min);
        CHECK(only<effect::AskLock>(timer(acme.tabs[0])).empty());
        return;
    }
    SECTION("when the user acts after a silence, it waits all the same") {
        acme.pass(limits::retry_ms_min);
        CHECK(only<effect::AskLock>(acme.tabs[0].handle(event::WakeReceived{acme.tabs[0].port, 92})).empty());
        return;
    }
    SECTION("woken at once, it waits a little") {
        CHECK(only<effect::AskLock>(acme.tabs[0].handle(event::Woke{})).empty());
        acme.pass(limits::retry_ms_min);
        CHECK(only<effect::AskLock>(timer(acme.tabs[0])).size() == 1);
    }
    SECTION("woken later, it does not wait") {
        acme.pass(limits::retry_ms_min);
        CHECK(only<effect::AskLock>(acme.tabs[0].handle(event::Woke{})).size() == 1);
    }
    CHECK(called(acme.tabs[0]).check_reason == CheckReason::retry);
}

TEST_CASE("R7: a check that brings no later expiry is good until the next one", "[core][duty][K1.2]") {
    Browser acme{1};
    acme.sign_in();
    acme.pass(10 * minute - check_before);
    static_cast<void>(timer(acme.tabs[0]));
    static_cast<void>(answers(acme.tabs[0], called(acme.tabs[0]).call, Outcome::active));
    CHECK(acme.store.shown().expires_at == acme.tabs[0].now + 2 * check_before);
    CHECK(acme.store.shown().check_at == acme.tabs[0].now + check_before);
    acme.pass(check_before - 1);
    CHECK(only<effect::AskLock>(timer(acme.tabs[0])).empty());
    acme.pass(1);
    CHECK(only<effect::AskLock>(timer(acme.tabs[0])).size() == 1);
}

TEST_CASE("R7: a check that somebody asked for early does not take the place of the one before expiry",
          "[core][duty]") {
    Browser acme{1};
    acme.sign_in();
    const auto check_at = acme.store.shown().check_at;
    static_cast<void>(asks(acme.tabs[0], 91));
    static_cast<void>(answers(acme.tabs[0], called(acme.tabs[0]).call, Outcome::active));
    CHECK(acme.store.shown().check_at == check_at);
}

TEST_CASE("R7: a life shorter than the time before expiry is checked half way", "[core][duty]") {
    Browser acme{1};
    acme.sign_in(minute);
    CHECK(acme.store.shown().check_at == acme.tabs[0].now + minute / 2);
}

TEST_CASE("R8: a clock set back delays no duty beyond its own length", "[core][duty]") {
    Browser acme{2};
    acme.sign_in(300 * minute);
    static_cast<void>(asks(acme.tabs[0], 91));
    static_cast<void>(called(acme.tabs[0]));
    acme.tabs[1].now -= 60 * minute;
    CHECK(only<effect::AskLock>(asks(acme.tabs[1], 92)).size() == 1);
}

TEST_CASE("R8: a tab that may do nothing sets no timer for a duty", "[core][duty]") {
    Browser acme{1};
    static_cast<void>(acme.tabs[0].handle(event::DutiesReceived{acme.tabs[0].port, false, false}));
    const auto signed_in = acme.tabs[0].login("ada", "s1", acme.tabs[0].now + 10 * minute);
    const auto timers = only<effect::SetTimer>(signed_in);
    REQUIRE(timers.size() == 1);
    CHECK(timers.front().reason == WakeReason::expiry);
}

TEST_CASE("R11: an origin gets no duty whose outcome it could not bring about by itself", "[core][duty]") {
    Store store;
    Tab tab{store, "a", acme_with_checks()};
    SECTION("billing may log out, and so end") {
        static_cast<void>(tab.connect(billing));
        CHECK(only<effect::ErrorNotice>(tab.handle(event::DutiesReceived{tab.port, true, true})).front().code ==
              Code::forbidden);
        CHECK_FALSE(tab.state().client->can_check);
        CHECK(tab.state().client->can_end);
    }
    SECTION("reports may read") {
        static_cast<void>(tab.connect(reports));
        CHECK(only<effect::ErrorNotice>(tab.handle(event::DutiesReceived{tab.port, true, true})).front().code ==
              Code::forbidden);
        CHECK_FALSE(tab.state().client->can_end);
    }
}

TEST_CASE("R11: an outcome that was not asked for is nothing", "[core][duty]") {
    Browser acme{2};
    acme.sign_in();
    CHECK(answers(acme.tabs[0], 1, Outcome::inactive).empty());
    static_cast<void>(asks(acme.tabs[0], 91));
    const auto call = called(acme.tabs[0]);
    CHECK(answers(acme.tabs[0], call.call + 1, Outcome::inactive).empty());
    CHECK(answers(acme.tabs[1], call.call, Outcome::inactive).empty());
    CHECK(acme.tabs[0].snapshot().status == Status::signed_in);
}

TEST_CASE("R11: so many checks wait for an outcome, and one more is refused", "[core][duty]") {
    Browser acme{1};
    acme.sign_in();
    Tab& tab = acme.tabs[0];
    acme.pass(limits::rate_refill_interval_ms * limits::rate_burst);
    for (std::size_t i = 0; i < limits::waiting_checks_max; ++i) {
        REQUIRE(only<effect::Reply>(asks(tab, ++tab.request)).empty());
        acme.pass(limits::rate_refill_interval_ms);  // within the rate
    }
    CHECK(outcome(asks(tab, ++tab.request)) == Code::rate_limited);
    const auto replies = only<effect::Reply>(answers(tab, called(tab).call, Outcome::active));
    CHECK(replies.size() == limits::waiting_checks_max);
}

TEST_CASE("the hub checks by itself where its configuration says so", "[core][duty]") {
    Config config = acme_with_checks();
    config.check_url = "https://hub.acme.com/session";
    Store store;
    Tab tab{store, "a", config};
    static_cast<void>(tab.connect(reports));  // whichever app embeds it
    CHECK(told_outcome(tab.handle(event::CheckReceived{tab.port, 9})) == Outcome::inactive);
    Tab login{store, "b", config};
    static_cast<void>(login.connect(portal));
    static_cast<void>(login.login("ada"));
    CHECK(only<effect::AskLock>(tab.handle(event::CheckReceived{tab.port, 10})).size() == 1);
    const auto calls = only<effect::CallDuty>(lock(tab, LockAnswer::granted));
    REQUIRE(calls.size() == 1);
    CHECK(calls.front().port == 0);
    const auto done = tab.handle(event::OutcomeReceived{0, calls.front().call, Outcome::inactive, std::nullopt, ""});
    CHECK(told_outcome(done) == Outcome::inactive);
    CHECK(tab.snapshot().ended_by.empty());
}

TEST_CASE("R7: a hub whose cookies do not travel never asks its server", "[core][duty][K4.1]") {
    Config config = acme_with_checks();
    config.check_url = "https://hub.acme.com/session";
    config.apps.push_back({"https://shop.example", capabilities({Capability::read})});
    StorageCapabilities framed = own_storage();
    framed.parent_is_top = false;
    const auto [origin, storage] = GENERATE_COPY(table<std::string, StorageCapabilities>(
        {{"https://shop.example", first_party()}, {"https://portal.acme.com", framed}}));
    Store store;
    Tab login{store, "b", config};
    static_cast<void>(login.connect(portal));
    static_cast<void>(login.login("ada"));
    Tab tab{store, "a", config, storage};
    static_cast<void>(tab.connect(origin));
    CHECK(only<effect::AskLock>(tab.handle(event::CheckReceived{tab.port, 10})).empty());
    CHECK(store.shown().duty.state == DutyState::wanted);  // for a tab that can ask truthfully
    tab.now += limits::check_claim_wait_ms;
    CHECK(told_outcome(tab.handle(event::TimerFired{})) == Outcome::unknown);
}

TEST_CASE("an app asks whether an origin is allowed", "[core][app]") {
    Browser acme{1};
    const auto allowed = [&](const std::string& origin) {
        return outcome(acme.tabs[0].handle(event::AllowsReceived{acme.tabs[0].port, 5, origin}));
    };
    CHECK(allowed(billing) == std::nullopt);
    CHECK(allowed("https://x.preview.acme.com") == std::nullopt);
    CHECK(allowed("https://evil.example") == Code::forbidden);
    CHECK(allowed("http://billing.acme.com") == Code::forbidden);
    CHECK(allowed("null") == Code::forbidden);
}

TEST_CASE("R6: the first hub since the browser was started asks for a check, once", "[core][duty]") {
    Browser acme{2};
    acme.sign_in(60 * minute);
    acme.pass(10 * minute);
    const auto start = [&](bool is_first) {
        return Tab{acme.store, {"c", own_storage(), true, is_first}, acme_with_checks(), acme.tabs[0].now};
    };

    SECTION("whichever tab can do it does it") {
        start(true);
        CHECK(acme.store.shown().duty.state == DutyState::wanted);
        static_cast<void>(acme.tabs[1].notify());
        CHECK(called(acme.tabs[1]).check_reason == CheckReason::request);
    }
    SECTION("a hub that is not the first does not ask") {
        start(false);
        CHECK(acme.store.shown().duty.state == DutyState::none);
    }
    SECTION("nor where nobody is signed in") {
        static_cast<void>(acme.tabs[0].logout());
        const Record ended = acme.store.shown();
        start(true);
        CHECK(acme.store.shown() == ended);
    }
    SECTION("nor where the check is under way") {
        static_cast<void>(asks(acme.tabs[0], 7));
        static_cast<void>(called(acme.tabs[0]));
        const Record claimed = acme.store.shown();
        start(true);
        CHECK(acme.store.shown() == claimed);
    }
}

}  // namespace lockstep::test
