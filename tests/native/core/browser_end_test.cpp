// `persistence: 'browser'`: a session does not outlive the browser in which it was created (PROTOCOL §4.5).
#include "tests/native/core/tab.hpp"

using namespace lockstep;
using namespace lockstep::test;

namespace {

Config until_closed() {
    Config config = acme();
    config.times.ends_with_browser = true;
    return config;
}

// Ada signed in before the browser was closed.
Store of_an_earlier_run() {
    Store store;
    Tab earlier(store, "a", until_closed());
    earlier.connect(portal);
    earlier.login("ada", "s1");
    return store;
}

// The first tab since the browser was started.
Tab first_tab(Store& store, const Config& config = until_closed()) {
    Tab first(store, event::Started{"b", own_storage(), true, true}, config, 5 * minute);
    first.connect(portal);
    return first;
}

}  // namespace

TEST_CASE("the browser's first hub ends the session of an earlier run", "[end][R4]") {
    Store store = of_an_earlier_run();
    static_cast<void>(first_tab(store));
    REQUIRE(store.shown().ended);
    CHECK(store.shown().ended->reason == EndReason::cleared);
    CHECK(store.shown().ended->by.empty());
    CHECK(store.shown().subject.empty());
    CHECK(std::holds_alternative<Record>(store.tombstone));
}

TEST_CASE("a later hub of the same run ends nothing", "[end][R4]") {
    Store store = of_an_earlier_run();
    Tab later(store, "b", until_closed());
    later.connect(billing);
    CHECK(is_active(store.shown()));
}

TEST_CASE("who signs in after the browser was started stays", "[end][R2]") {
    Store store = of_an_earlier_run();
    Tab first = first_tab(store);
    first.login("ada", "s1");
    CHECK(is_active(store.shown()));
    first.handle(event::Woke{});
    CHECK(is_active(store.shown()));
}

TEST_CASE("in a store that refuses its first read it is ended when that opens", "[end][R4]") {
    Store store = of_an_earlier_run();
    const Read kept = std::exchange(store.record, read::Blocked{});
    Tab first = first_tab(store);
    store.record = kept;
    first.handle(event::Woke{});
    CHECK_FALSE(is_active(store.shown()));
}

TEST_CASE("a store that refuses the write shows nobody signed in, and is healed", "[end][R4][R5]") {
    Store store = of_an_earlier_run();
    store.full = true;
    Tab first = first_tab(store);
    CHECK(is_active(store.shown()));
    CHECK_FALSE(is_active(*first.state().record));
    store.full = false;
    first.handle(event::Woke{});
    CHECK_FALSE(is_active(store.shown()));
}

TEST_CASE("without it the session outlives the browser, and is checked once", "[end][R6]") {
    Store store = of_an_earlier_run();
    static_cast<void>(first_tab(store, acme()));
    CHECK(is_active(store.shown()));
    CHECK(store.shown().duty.state == DutyState::wanted);
}
