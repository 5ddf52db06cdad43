// The app at the other end: allow-list, capabilities, handshakes, floods (R11), and the scope it is told.
#include "tests/native/core/tab.hpp"

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
    CHECK(only<effect::Report>(a.touch()) == std::vector{effect::Report{a.port, Code::forbidden}});
    CHECK(store.writes == 0);
}

TEST_CASE("a second handshake takes the place of the first", "[app][R11]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    const Effects said = a.connect(portal);
    CHECK(only<effect::ClosePort>(said) == std::vector{effect::ClosePort{1, Code::replaced}});
    CHECK(only<effect::Welcome>(said).at(0).port == 2);
    CHECK(a.handle(event::LoginReceived{1, 1, "ada", std::nullopt, std::nullopt, ""}).empty());  // the old port is deaf
    CHECK(store.writes == 0);
}

TEST_CASE("an app that was away is told what it missed", "[app]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    a.login("ada");
    const LastSeen ada{store.shown().born, "ada"};
    const LastSeen nobody{};

    SECTION("nothing, when nothing happened") { CHECK(only<effect::Welcome>(a.connect(portal, ada)).at(0).notices.empty()); }
    SECTION("a login") { CHECK(only<effect::Welcome>(a.connect(portal, nobody)).at(0).notices == std::vector<Notice>{notice::Login{}}); }
    SECTION("a logout") {
        a.logout();
        CHECK(only<effect::Welcome>(a.connect(portal, ada)).at(0).notices ==
              std::vector<Notice>{notice::Logout{EndReason::logout, portal}});
    }
    SECTION("a change of user") {
        a.login("grace");
        CHECK(only<effect::Welcome>(a.connect(portal, ada)).at(0).notices == std::vector<Notice>{notice::UserChange{"ada"}});
    }
}

TEST_CASE("a flood from an allowed app is refused, and passes", "[app][R11]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    for (std::int64_t i = 0; i < limits::flood_burst; ++i) CHECK(outcome(a.login("ada")) == std::nullopt);
    CHECK(outcome(a.login("grace")) == Code::rate_limited);
    CHECK(a.snapshot().subject == "ada");
    a.now += limits::flood_refill_interval_ms;
    CHECK(outcome(a.login("grace")) == std::nullopt);
    CHECK(outcome(a.logout()) == Code::rate_limited);
    a.now -= 60 * minute;  // a clock set back must not lock the app out for an hour
    a.handle(event::WakeReceived{a.port});
    a.now += limits::flood_refill_interval_ms;
    CHECK(outcome(a.logout()) == std::nullopt);
}

TEST_CASE("after goodbye the port is deaf and nothing is said on it", "[app][R11]") {
    Store store;
    Tab a(store, "a");
    Tab b(store, "b");
    a.connect(portal);
    b.connect(portal);
    CHECK(a.handle(event::GoodbyeReceived{a.port}) == Effects{effect::ClosePort{a.port, std::nullopt}});
    b.login("ada");
    CHECK(a.hears().empty());
}

TEST_CASE("the scope is claimed only when every fact speaks for it", "[app][scope]") {
    const Config config = acme();
    const auto with = [](bool parent_is_top, std::optional<std::vector<std::string>> ancestors, Evidence access) {
        return Placement{parent_is_top, std::move(ancestors), access, "https://hub.acme.com"};
    };
    struct Row {
        std::string why;
        Placement placement;
        std::string parent;
        Medium medium;
        Scope scope;
    };
    const auto row = GENERATE_COPY(values<Row>({
        {"same site", with(true, {{portal}}, Evidence::yes), portal, Medium::local_storage, Scope::shared},
        {"no list of ancestors, but the parent is the top", with(true, {}, Evidence::yes), portal, Medium::local_storage, Scope::shared},
        {"another port of the site", with(true, {}, Evidence::yes), "https://x.acme.com:8443", Medium::local_storage, Scope::shared},
        {"another site", with(true, {}, Evidence::yes), "https://acme-other.com", Medium::local_storage, Scope::partitioned},
        {"a site whose name ends alike", with(true, {}, Evidence::yes), "https://evilacme.com", Medium::local_storage, Scope::partitioned},
        {"the http twin of the site", with(true, {}, Evidence::yes), "http://portal.acme.com", Medium::local_storage, Scope::partitioned},
        {"a foreign page on top", with(false, {{portal, "https://foreign.com"}}, Evidence::yes), portal, Medium::local_storage,
         Scope::partitioned},
        {"a foreign page between", with(false, {{portal, "https://foreign.com", portal}}, Evidence::yes), portal, Medium::local_storage,
         Scope::partitioned},
        {"nested in the site alone", with(false, {{portal, billing}}, Evidence::yes), portal, Medium::local_storage, Scope::shared},
        {"nested, ancestors unknown", with(false, {}, Evidence::yes), portal, Medium::local_storage, Scope::partitioned},
        {"an engine that splits by origin", with(true, {}, Evidence::no), portal, Medium::local_storage, Scope::partitioned},
        {"the same, in a page of the hub's own origin", with(true, {}, Evidence::no), "https://hub.acme.com", Medium::local_storage,
         Scope::shared},
        {"storage blocked", with(true, {}, Evidence::yes), portal, Medium::memory, Scope::alone},
    }));
    INFO(row.why);
    CHECK(scope_of(config, row.placement, row.parent, row.medium) == row.scope);
}
