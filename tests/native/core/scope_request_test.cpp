// What an app asks of the user: more scope, by a button.
// Each name is the promise it proves.
#include "tests/native/core/backends.hpp"

using namespace lockstep;
using namespace lockstep::test;

namespace {

constexpr RequestId scope_id = 77;

[[nodiscard]] Effects asks_for_scope(Tab& tab, RequestId id = scope_id) {
    return tab.handle(event::ScopeRequested{tab.port, id, "Stay signed in", "color:teal"});
}

}  // namespace

TEST_CASE("the user is asked by a button, and the app is replied to after it knows", "[scope][R5]") {
    Backends backends;
    Tab guest = guest_in(backends.part);
    guest.login("ada");
    CHECK(asks_for_scope(guest) == Effects{effect::ShowButton{"Stay signed in", "color:teal"}});
    SECTION("of the yes") {
        const Effects effects = guest.move(backends.wider, first_party(), true);
        REQUIRE(effects.size() == 2);
        CHECK(std::get<effect::Announce>(effects[0]).snapshot.scope == Scope::shared);
        CHECK(std::get<effect::Reply>(effects[1]) == effect::Reply{guest.port, scope_id, std::nullopt});
    }
    SECTION("of the no, and may ask again") {
        const Effects effects = guest.move(backends.part, partition(Asking::denied), true);
        REQUIRE(effects.size() == 2);
        CHECK(std::get<effect::Announce>(effects[0]).snapshot.upgrade == Upgrade::denied);
        CHECK(std::get<effect::Announce>(effects[0]).snapshot.scope == Scope::partitioned);
        CHECK(std::get<effect::Reply>(effects[1]) == effect::Reply{guest.port, scope_id, std::nullopt});
        CHECK(only<effect::ShowButton>(asks_for_scope(guest)).size() == 1);
    }
    SECTION("of an answer that changes nothing, too") {
        CHECK(guest.move(backends.part, partition(), true) ==
              Effects{effect::Reply{guest.port, scope_id, std::nullopt}});
    }
    SECTION("but not of what the browser does by itself: the button is still shown") {
        CHECK(only<effect::Reply>(guest.move(backends.part, partition(Asking::denied))).empty());
        CHECK(outcome(guest.move(backends.wider, first_party(), true)) == std::nullopt);
    }
    SECTION("once") {
        guest.move(backends.wider, first_party(), true);
        CHECK(guest.move(backends.wider, first_party(), true).empty());
    }
    SECTION("and where the wider store refuses the session, too") {
        backends.wider.full = true;
        CHECK(only<effect::Reply>(guest.move(backends.wider, first_party(), true)).size() == 1);
    }
}

TEST_CASE("who asks for more scope again is not left without a reply to the first", "[scope]") {
    Backends backends;
    Tab guest = guest_in(backends.part);
    CHECK(only<effect::Reply>(asks_for_scope(guest, 1)).empty());
    CHECK(asks_for_scope(guest, 2) ==
          Effects{effect::Reply{guest.port, 1, std::nullopt}, effect::ShowButton{"Stay signed in", "color:teal"}});
    CHECK(only<effect::Reply>(guest.move(backends.wider, first_party(), true)) ==
          std::vector{effect::Reply{guest.port, 2, std::nullopt}});
}

TEST_CASE("a request for more scope dies with its port", "[scope][R11]") {
    Backends backends;
    Tab guest = guest_in(backends.part);
    static_cast<void>(asks_for_scope(guest));
    SECTION("when another takes its place") { guest.connect(portal); }
    SECTION("when it is closed") { guest.handle(event::GoodbyeReceived{guest.port}); }
    CHECK(only<effect::Reply>(guest.move(backends.wider, first_party(), true)).empty());
    CHECK(guest.snapshot().scope == Scope::shared);
}

TEST_CASE("where there is nothing to ask the user for, the app is replied to at once", "[scope]") {
    Backends backends;
    const auto storage = GENERATE(
        values<StorageCapabilities>({own_storage(), first_party(), with_cookie(), partition(Asking::useless)}));
    Tab tab(backends.part, "p", acme(), storage);
    tab.connect(reports);
    CHECK(asks_for_scope(tab) == Effects{effect::Reply{tab.port, scope_id, std::nullopt}});
}

TEST_CASE("an app that may only read may ask for more scope, one that floods may not", "[scope][R11]") {
    Backends backends;
    Tab guest(backends.part, "p", acme(), partition());
    guest.connect(reports);
    for (std::int64_t i = 1; i < limits::rate_burst; ++i)  // the hello counts as well
        CHECK(only<effect::ShowButton>(asks_for_scope(guest)).size() == 1);
    CHECK(asks_for_scope(guest) == Effects{effect::Reply{guest.port, scope_id, Code::rate_limited}});
    CHECK(guest.handle(event::ScopeRequested{guest.port + 1, 1, "", ""}).empty());  // another port
}
