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

Tab first_of_the_browser(Store& store, const Config& config, const std::string& writer) {
    return Tab(store, event::Started{writer, own_storage(), true, true}, config, 5 * minute);
}

void sign_in(Store& store) {
    Tab earlier(store, "a", until_closed());
    earlier.connect(portal);
    earlier.login("ada", "s1");
}

}  // namespace

TEST_CASE("the browser's first hub ends the session of an earlier run", "[end][R4]") {
    Store store;
    sign_in(store);
    Tab first = first_of_the_browser(store, until_closed(), "b");
    first.connect(portal);
    REQUIRE(store.shown().ended);
    CHECK(store.shown().ended->reason == EndReason::cleared);
    CHECK(store.shown().ended->by.empty());
    CHECK(store.shown().subject.empty());
    CHECK(std::holds_alternative<Record>(store.tombstone));
}

TEST_CASE("a later hub of the same run ends nothing", "[end][R4]") {
    Store store;
    sign_in(store);
    Tab later(store, "b", until_closed());
    later.connect(billing);
    CHECK(is_active(store.shown()));
}

TEST_CASE("who signs in after the browser was started stays", "[end][R2]") {
    Store store;
    sign_in(store);
    Tab first = first_of_the_browser(store, until_closed(), "b");
    first.connect(portal);
    first.login("ada", "s1");
    CHECK(is_active(store.shown()));
    first.handle(event::Woke{});
    CHECK(is_active(store.shown()));
}

TEST_CASE("in a store that refuses its first read it is ended when that opens", "[end][R4]") {
    Store store;
    sign_in(store);
    const Read kept = std::exchange(store.record, read::Blocked{});
    Tab first = first_of_the_browser(store, until_closed(), "b");
    first.connect(portal);
    store.record = kept;
    first.handle(event::Woke{});
    CHECK_FALSE(is_active(store.shown()));
}

TEST_CASE("a store that refuses the write shows nobody signed in, and is healed", "[end][R4][R5]") {
    Store store;
    sign_in(store);
    store.full = true;
    Tab first = first_of_the_browser(store, until_closed(), "b");
    first.connect(portal);
    CHECK(is_active(store.shown()));
    CHECK_FALSE(is_active(*first.state().record));
    store.full = false;
    first.handle(event::Woke{});
    CHECK_FALSE(is_active(store.shown()));
}

TEST_CASE("without it the session outlives the browser, and is checked once", "[end][R6]") {
    Store store;
    sign_in(store);
    Tab first = first_of_the_browser(store, acme(), "b");
    first.connect(portal);
    CHECK(is_active(store.shown()));
    CHECK(store.shown().duty.state == DutyState::wanted);
}
