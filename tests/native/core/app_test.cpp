// The app at the other end: allow-list, capabilities, handshakes, floods (R11), and the scope it is shown.
#include "tests/native/core/tab.hpp"
#include "wasm/core/door.hpp"

using namespace lockstep;
using namespace lockstep::test;

TEST_CASE("an origin is allowed exactly, or by one label", "[app][R11]") {
    struct Row {
        std::string origin;
        bool allowed;
    };
    const auto row = GENERATE(values<Row>({
        {"https://portal.acme.com", true},
        {"http://portal.acme.com", false},            // http twin
        {"https://portal.acme.com:8443", false},      // another port is another origin
        {"https://portal.acme.com.evil.com", false},  // suffix twin
        {"https://evil-portal.acme.com", false},
        {"https://acme.com", false},
        {"https://PORTAL.acme.com", false},  // browsers write lower case; nothing else is an origin
        {"https://portal.acme.com/", false},
        {"null", false},
        {"", false},
        {"file://", false},
        {"https://pr-12.preview.acme.com", true},
        {"https://a.b.preview.acme.com", false},  // two labels
        {"https://.preview.acme.com", false},
        {"https://preview.acme.com", false},
        {"https://*.preview.acme.com", false},
        {"https://evil.com/.preview.acme.com", false},
        {"https://evil.com#.preview.acme.com", false},
        {"https://user@x.preview.acme.com", false},
        {"http://pr-12.preview.acme.com", false},
        {"https://pr-12.preview.acme.com:444", false},
    }));
    INFO(row.origin);
    CHECK(capabilities_of(acme(), row.origin).has_value() == row.allowed);
}

TEST_CASE("K7.7: an origin of another scheme is allowed exactly, and is of no site", "[app][R11]") {
    Config config = acme();
    config.apps.push_back({"capacitor://localhost", capabilities({Capability::read})});
    CHECK(capabilities_of(config, "capacitor://localhost"));
    for (const auto* other : {"capacitor://localhost:1", "ionic://localhost", "http://localhost", "https://localhost",
                              "capacitor://", "capacitor://x.localhost", "null", "file://localhost"}) {
        INFO(other);
        CHECK_FALSE(capabilities_of(config, other));
    }
    CHECK_FALSE(same_site(config, "capacitor://acme.com"));
    CHECK_FALSE(same_site(config, "capacitor://portal.acme.com"));
}

TEST_CASE("an exact entry wins over a pattern", "[app][R11]") {
    Config config = acme();
    config.apps.push_back({"https://main.preview.acme.com", capabilities({Capability::read, Capability::login})});
    CHECK(capabilities_of(config, "https://main.preview.acme.com")->has(Capability::login));
    CHECK_FALSE(capabilities_of(config, "https://other.preview.acme.com")->has(Capability::login));
}

TEST_CASE("a refused origin gets no word", "[app][R11]") {
    Store store;
    Tab a(store, "a");
    CHECK(a.connect("https://evil.com") == Effects{effect::ClosePort{1, std::nullopt}});
    CHECK_FALSE(a.state().client);
}

TEST_CASE("a capability an origin lacks is refused with an error the app sees", "[app][R11]") {
    Store store;
    Tab a(store, "a");
    a.connect(reports);
    CHECK(outcome(a.login("ada")) == Code::forbidden);
    CHECK(outcome(a.logout()) == Code::forbidden);
    CHECK(only<effect::ErrorNotice>(a.touch()) == std::vector{effect::ErrorNotice{a.port, Code::forbidden}});
    CHECK(store.writes == 0);
}

TEST_CASE("a second handshake takes the place of the first", "[app][R11]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    const Effects effects = a.connect(portal);
    CHECK(only<effect::ClosePort>(effects) == std::vector{effect::ClosePort{1, Code::replaced}});
    CHECK(only<effect::Welcome>(effects).at(0).port == 2);
    CHECK(a.handle(event::LoginReceived{1, 1, "ada", std::nullopt, std::nullopt, ""}).empty());  // the old port is deaf
    CHECK(store.writes == 0);
}

TEST_CASE("an app that was away gets the session events that it missed", "[app]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    a.login("ada");
    const LastSeen ada{store.shown().created, "ada"};
    const LastSeen nobody{};

    SECTION("nothing, when nothing happened") {
        CHECK(only<effect::Welcome>(a.connect(portal, ada)).at(0).session_events.empty());
    }
    SECTION("a login") {
        CHECK(only<effect::Welcome>(a.connect(portal, nobody)).at(0).session_events ==
              std::vector<SessionEvent>{session_event::Login{true}});
    }
    SECTION("a logout") {
        a.logout();
        CHECK(only<effect::Welcome>(a.connect(portal, ada)).at(0).session_events ==
              std::vector<SessionEvent>{session_event::Logout{EndReason::logout, portal, true}});
    }
    SECTION("a change of user") {
        a.login("grace");
        CHECK(only<effect::Welcome>(a.connect(portal, ada)).at(0).session_events ==
              std::vector<SessionEvent>{session_event::UserChange{"ada", true}});
    }
}

TEST_CASE("a flood from an allowed app is refused, and passes", "[app][R11]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    for (std::int64_t i = 1; i < limits::rate_burst; ++i) CHECK(outcome(a.login("ada")) == std::nullopt);
    CHECK(outcome(a.login("grace")) == Code::rate_limited);
    CHECK(a.snapshot().subject == "ada");
    a.now += limits::rate_refill_interval_ms;
    CHECK(outcome(a.login("grace")) == std::nullopt);
    CHECK(outcome(a.logout()) == Code::rate_limited);
    a.now -= 60 * minute;  // a clock set back must not lock the app out for an hour
    a.handle(event::WakeReceived{a.port, ++a.request});
    a.now += limits::rate_refill_interval_ms;
    CHECK(outcome(a.logout()) == std::nullopt);
}

TEST_CASE("K8.6: an app that goes on after two hundred refusals loses its port", "[app][R11]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    for (std::int64_t i = 1; i < limits::rate_burst; ++i) a.login("ada");
    for (std::int64_t i = 0; i < limits::refused_max; ++i) REQUIRE(outcome(a.login("ada")) == Code::rate_limited);
    CHECK(a.login("ada") == Effects{effect::ClosePort{a.port, Code::rate_limited}});
    CHECK(a.login("ada").empty());
    SECTION("and at once the next time, if it still goes on") {
        a.now += limits::rate_refill_interval_ms;
        a.connect(portal);
        CHECK(a.login("ada") == Effects{effect::ClosePort{a.port, Code::rate_limited}});
    }
    SECTION("and has all its rate again when it has been quiet") {
        a.now += limits::rate_refill_interval_ms * limits::rate_burst;
        a.connect(portal);
        for (std::int64_t i = 1; i < limits::rate_burst; ++i) REQUIRE(outcome(a.login("ada")) == std::nullopt);
        CHECK(outcome(a.login("ada")) == Code::rate_limited);
    }
}

TEST_CASE("K8.6: an app that only shakes hands floods as well", "[app][R11]") {
    Store store;
    Tab a(store, "a");
    for (std::int64_t i = 0; i < limits::rate_burst; ++i) CHECK(only<effect::Welcome>(a.connect(portal)).size() == 1);
    const PortId last = a.port;
    // Neither port is open then: whoever is refused must not go on over the earlier one.
    const Effects refused = a.connect(portal);
    CHECK(refused == Effects{effect::ClosePort{last, Code::replaced}, effect::ClosePort{a.port, Code::rate_limited}});
    CHECK(a.handle(event::TouchReceived{last}).empty());
    CHECK(is_flooding(a.state(), a.now));
    a.now += limits::rate_refill_interval_ms;
    CHECK_FALSE(is_flooding(a.state(), a.now));
    CHECK(only<effect::Welcome>(a.connect(portal)).size() == 1);
    CHECK_FALSE(is_flooding(a.state(), a.now));  // it has a port to lose, and is given the reason once more
}

TEST_CASE("an app without a port that has not been refused is no flood, even over its rate", "[app][R11]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    for (std::int64_t i = 1; i < limits::rate_burst; ++i) a.handle(event::WakeReceived{a.port, ++a.request});
    a.handle(event::GoodbyeReceived{a.port});
    CHECK_FALSE(is_flooding(a.state(), a.now));
    const Effects refused = a.connect(portal);
    CHECK(refused == Effects{effect::ClosePort{a.port, Code::rate_limited}});
    CHECK(is_flooding(a.state(), a.now));
}

TEST_CASE("K8.6: the n-th hub of a tab has an n-th of the rate", "[app][R11]") {
    struct Row {
        std::int64_t hubs_in_tab, burst, interval_ms;
    };
    const auto row = GENERATE(values<Row>(
        {{1, 60, 50}, {2, 30, 100}, {4, 15, 200}, {6, 10, 300}, {16, 10, 300}, {0, 60, 50}, {1'000, 10, 300}}));
    CAPTURE(row.hubs_in_tab);
    Store store;
    Tab a(store, event::Started{"a", own_storage(), true, false, row.hubs_in_tab}, acme(), minute);
    a.connect(portal);
    for (std::int64_t i = 1; i < row.burst; ++i) REQUIRE(outcome(a.login("ada")) == std::nullopt);
    CHECK(outcome(a.login("ada")) == Code::rate_limited);
    a.now += row.interval_ms - 1;
    CHECK(outcome(a.login("ada")) == Code::rate_limited);
    a.now += 1;
    CHECK(outcome(a.login("ada")) == std::nullopt);
    CHECK(outcome(a.login("ada")) == Code::rate_limited);
    a.now += row.interval_ms * 1'000;  // never more than the burst
    for (std::int64_t i = 0; i < row.burst; ++i) REQUIRE(outcome(a.login("ada")) == std::nullopt);
    CHECK(outcome(a.login("ada")) == Code::rate_limited);
}

TEST_CASE("while a store does not answer, a bounded number of requests waits", "[app][R11]") {
    Store store;
    Tab a(store, "a", acme_with_idle_time());
    a.connect(portal);
    a.login("ada");
    State state = a.state();
    EpochMs now = a.now;
    std::size_t refused = 0;
    const auto send = [&](const Event& event) {
        now += minute;  // slow enough for the rate
        Step done = step(std::move(state), now, event);
        refused += only<effect::Reply>(done.effects).size();
        state = std::move(done.state);
        CHECK(violated(state) == std::nullopt);
    };
    SECTION("of requests that have a reply") {
        for (std::size_t i = 0; i < limits::waiting_requests_max + 3; ++i)
            send(event::LoginReceived{a.port, ++a.request, "ada", std::nullopt, std::nullopt, ""});
        CHECK(state.requests.size() == limits::waiting_requests_max);
        CHECK(refused == 3);
    }
    SECTION("of activity, one") {
        for (int i = 0; i < 3; ++i) send(event::TouchReceived{a.port});
        CHECK(state.requests.size() == 1);
    }
}

TEST_CASE("after goodbye the port is deaf and nothing is said on it", "[app][R11]") {
    Store store;
    Tab a(store, "a");
    Tab b(store, "b");
    a.connect(portal);
    b.connect(portal);
    CHECK(a.handle(event::GoodbyeReceived{a.port}) == Effects{effect::ClosePort{a.port, std::nullopt}});
    b.login("ada");
    CHECK(a.notify().empty());
}

TEST_CASE("the scope is claimed only when the browser has shown it", "[app][scope]") {
    const Config config = acme();
    const auto met = [](bool parent_is_top) {
        StorageCapabilities storage;
        storage.met_other_top = true;
        storage.parent_is_top = parent_is_top;
        return storage;
    };
    struct Row {
        std::string why;
        StorageCapabilities storage;
        std::string parent;
        Medium medium;
        Scope scope;
    };
    const std::string foreign = "https://foreign.com";
    const auto local = Medium::local_storage;
    const auto row = GENERATE_COPY(values<Row>({
        {"the first party's own backend", own_storage(), portal, local, Scope::shared},
        {"the same, below a foreign page", own_storage(), foreign, local, Scope::shared},
        {"the first party's backend, by a handle", first_party(), foreign, Medium::storage_access, Scope::shared},
        {"the first party's cookie", with_cookie(), foreign, Medium::cookie, Scope::shared},
        {"the mark of who had a handle", marked_storage(), portal, local, Scope::shared},
        {"the mark, in another storage", marked_elsewhere(), portal, local, Scope::partitioned},
        {"nothing shown, whatever the names say", partition(), portal, local, Scope::partitioned},
        {"hubs of two origins met", met(true), portal, local, Scope::shared},
        {"met, another port of the site", met(true), "https://x.acme.com:8443", local, Scope::shared},
        {"met in a part that belongs to another site", met(true), "https://acme-other.com", local, Scope::partitioned},
        {"met, a site whose name ends alike", met(true), "https://evilacme.com", local, Scope::partitioned},
        {"met, the http twin of the site", met(true), "http://portal.acme.com", local, Scope::partitioned},
        {"met, but not as the page on top sees it: another may stand between", met(false), portal, local,
         Scope::partitioned},
        {"storage blocked", own_storage(), portal, Medium::memory, Scope::alone},
    }));
    INFO(row.why);
    CHECK(scope_of(config, row.storage, row.parent, row.medium) == row.scope);
}

TEST_CASE("the medium is the one with the widest reach", "[app][scope]") {
    CHECK(widest_medium(own_storage()) == Medium::local_storage);
    CHECK(widest_medium(first_party()) == Medium::storage_access);
    CHECK(widest_medium(with_cookie()) == Medium::cookie);
    CHECK(widest_medium(partition()) == Medium::local_storage);
    StorageCapabilities both = own_storage();
    both.cookie = true;
    CHECK(widest_medium(both) == Medium::local_storage);
    // A cookie that works is no proof where others use a storage.
    for (StorageCapabilities marked : {marked_storage(), marked_elsewhere()}) {
        marked.cookie = true;
        CHECK(widest_medium(marked) == Medium::local_storage);
    }
}

TEST_CASE("what would widen the scope is said, and nothing where it is wide", "[app][scope]") {
    CHECK(upgrade_of(partition(), Scope::shared) == Upgrade::none);
    CHECK(upgrade_of(partition(Asking::possible), Scope::partitioned) == Upgrade::gesture);
    CHECK(upgrade_of(partition(Asking::denied), Scope::partitioned) == Upgrade::denied);
    CHECK(upgrade_of(partition(Asking::useless), Scope::alone) == Upgrade::unsupported);
}
