// A browser of the native tests whose apps can do every duty: its tabs share a store and a clock, and are notified
// of one another's writes when the test does it. What is asked of the browser and of the apps is answered by the test.
#pragma once

#include <cstddef>
#include <vector>

#include "tests/native/core/tab.hpp"

namespace lockstep::test {

inline constexpr EpochMs check_before = 2 * minute;

inline Config acme_with_checks() {
    Config config = acme();
    config.times.check_before_expiry_ms = check_before;
    return config;
}

// Tabs of one browser whose apps can do every duty, all at one time.
struct Browser {
    Store store;
    std::vector<Tab> tabs;

    explicit Browser(std::size_t count, const Config& config = acme_with_checks()) {
        for (std::size_t i = 0; i < count; ++i) {
            Tab& tab = tabs.emplace_back(store, std::string(1, static_cast<char>('a' + i)), config);
            static_cast<void>(tab.connect(portal));
            static_cast<void>(tab.handle(event::DutiesReceived{tab.port, true, true}));
        }
    }
    // Every tab is notified of what is stored.
    void spread() {
        for (Tab& tab : tabs) static_cast<void>(tab.notify());
    }
    void sign_in(EpochMs lifetime = 10 * minute) {
        static_cast<void>(tabs[0].login("ada", "s1", tabs[0].now + lifetime));
        spread();
    }
    void pass(EpochMs ms) {
        for (Tab& tab : tabs) tab.now += ms;
    }
};

inline Effects timer(Tab& tab) { return tab.handle(event::TimerFired{}); }
inline Effects lock(Tab& tab, LockAnswer answer) { return tab.handle(event::LockAnswered{answer}); }
inline Effects answers(Tab& tab, CallId call, Outcome outcome, std::optional<EpochMs> expires_at = std::nullopt) {
    return tab.handle(event::OutcomeReceived{tab.port, call, outcome, expires_at, ""});
}
inline Effects asks(Tab& tab, RequestId id) { return tab.handle(event::CheckReceived{tab.port, id}); }

// The check that this tab is given once it has the lock.
inline effect::CallDuty called(Tab& tab) {
    const auto calls = only<effect::CallDuty>(lock(tab, LockAnswer::granted));
    REQUIRE(calls.size() == 1);
    return calls.front();
}

inline std::optional<Outcome> told_outcome(const Effects& effects) {
    const auto replies = only<effect::Reply>(effects);
    return replies.empty() ? std::nullopt : replies.front().outcome;
}

}  // namespace lockstep::test
