// Push: for which session a hub asks for a stream, and what the server's word does (PROTOCOL §6).
#include "tests/native/core/tab.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::test {
namespace {

constexpr EpochMs retry_ms_max = limits::stream_retry_ms_min + limits::stream_retry_spread_ms;

Config pushed_to(Config config = acme()) {
    config.push_url = "https://hub.acme.com/push";
    config.issuer = "https://login.acme.com";
    return config;
}

// The stream that these effects ask for.
effect::OpenStream opened(const Effects& effects) {
    const auto all = only<effect::OpenStream>(effects);
    REQUIRE(all.size() == 1);
    return all.front();
}

// Ada is signed in, and her session's stream is asked for.
struct SignedIn {
    Store store;
    Tab tab;
    effect::OpenStream stream;

    explicit SignedIn(Config config = pushed_to()) : tab(store, "p", std::move(config)) {
        tab.connect(portal);
        stream = opened(tab.login("ada", "sid-1", tab.now + 60 * minute));
    }
};

}  // namespace

TEST_CASE("a hub that shows a session asks for a stream about it, and gives it up with the session", "[push]") {
    SignedIn ada;
    CHECK(ada.stream.session_id == "sid-1");
    CHECK(ada.stream.subject == "ada");
    CHECK(only<effect::CloseStream>(ada.tab.logout()).size() == 1);
    CHECK_FALSE(ada.tab.state().stream);
}

TEST_CASE("without push there is no stream", "[push]") {
    Store store;
    Tab tab(store, "p");
    tab.connect(portal);
    CHECK(only<effect::OpenStream>(tab.login("ada")).empty());
}

TEST_CASE("an end that the server says is a revocation, and is not asked for at the provider again", "[push][R6]") {
    SignedIn ada;
    ada.tab.handle(event::DutiesReceived{ada.tab.port, true, true});
    const Effects effects = ada.tab.handle(event::EndPushed{ada.stream.stream});
    CHECK(ada.store.shown().ended->reason == EndReason::revoked);
    CHECK(ada.store.shown().duty.state == DutyState::done);
    CHECK(only<effect::AskLock>(effects).empty());
}

TEST_CASE("what comes late on another session's stream ends nothing", "[push][R2]") {
    SignedIn ada;
    ada.tab.logout();
    const auto now = opened(ada.tab.login("ada", "sid-2"));
    ada.tab.handle(event::EndPushed{ada.stream.stream});
    CHECK(is_active(ada.store.shown()));
    ada.tab.handle(event::EndPushed{now.stream});
    CHECK_FALSE(is_active(ada.store.shown()));
}

TEST_CASE("a login that began before a pushed end is refused, whoever it is for; begun again it gets in",
          "[push][R1]") {
    SignedIn ada;
    const auto begun = ada.tab.shown_end();  // another user's login begins here
    ada.tab.handle(event::EndPushed{ada.stream.stream});
    const auto* subject = GENERATE("ada", "grace");
    CHECK(outcome(ada.tab.log_in(begun, subject, "sid-2")) == Code::session_ended);
    CHECK(outcome(ada.tab.login(subject, "sid-2")) == std::nullopt);
    CHECK(ada.store.shown().subject == subject);
}

TEST_CASE("a lost stream is asked for again, after a pause that grows", "[push][R8]") {
    SignedIn ada;
    EpochMs pause_ms = 0;
    for (int failure = 1; failure <= 8; ++failure) {
        const auto timer = only<effect::SetTimer>(ada.tab.handle(event::StreamFailed{ada.tab.state().stream->id}));
        REQUIRE(timer.size() == 1);
        const EpochMs next_ms = *timer.front().at - ada.tab.now;
        CHECK(next_ms >= std::min(pause_ms, limits::stream_retry_ms_max));
        CHECK(next_ms <= limits::stream_retry_ms_max * 5 / 4);
        pause_ms = next_ms - limits::stream_retry_spread_ms;
        ada.tab.now = *timer.front().at;
        CHECK(opened(ada.tab.handle(event::TimerFired{})).stream != ada.stream.stream);
    }
}

TEST_CASE("the pause of a lost stream counts from now also where a clock that was set has left a late timer",
          "[push][R8]") {
    SignedIn ada;
    const EpochMs expires_at = *ada.tab.snapshot().expires_at;
    ada.tab.now = expires_at - 500;  // set, so the timer of the expiry is still an hour away
    const auto timer = only<effect::SetTimer>(ada.tab.handle(event::StreamFailed{ada.stream.stream}));
    REQUIRE(timer.size() == 1);
    CHECK(*timer.front().at <= ada.tab.now + retry_ms_max);
}

TEST_CASE("a page that leaves or freezes gives its stream up, and asks again when it is back", "[push][R10]") {
    SignedIn ada;
    const auto goes = GENERATE(values<Event>({event::Leaving{}, event::Freezing{}}));
    CHECK(only<effect::CloseStream>(ada.tab.handle(goes)).size() == 1);
    CHECK(opened(ada.tab.handle(event::Woke{})).session_id == "sid-1");
}

}  // namespace lockstep::test
