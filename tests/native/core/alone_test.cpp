// What a hub decides while the store refuses it: it holds in that document alone, and still counts.
#include "tests/native/core/tab.hpp"

using namespace lockstep;
using namespace lockstep::test;

TEST_CASE("an end that is decided while storage is blocked counts its revision", "[session][R3]") {
    Store store;
    store.record = read::Blocked{};
    Tab tab(store, "a");
    tab.connect(portal);
    tab.login("ada", std::nullopt, tab.now + minute);
    tab.now += 2 * minute;
    tab.handle(event::Woke{});
    REQUIRE(tab.snapshot().reason == EndReason::expired);
    CHECK(tab.state().revision_seen == highest_revision(*tab.state().record));
}
