// PROTOCOL §4.2, "One store": whoever has a handle marks its storage, and whoever has none finds the mark and leaves
// the cookie. Each name is the promise it proves.
#include "tests/native/core/backends.hpp"

using namespace lockstep;
using namespace lockstep::test;

namespace {

[[nodiscard]] StorageCapabilities unmarked(StorageCapabilities storage) {
    storage.marked = false;
    return storage;
}
[[nodiscard]] Effects started_with(const StorageCapabilities& storage) {
    return step(initial_state(acme()), 1, event::Started{"a", storage}).effects;
}
[[nodiscard]] std::size_t marks(const Effects& effects) { return only<effect::MarkStore>(effects).size(); }
[[nodiscard]] std::size_t abandons(const Effects& effects) { return only<effect::AbandonCookie>(effects).size(); }

// A tab without a handle that has come first, so that its session is in the cookie.
[[nodiscard]] Tab restricted_in(Store& cookie) {
    Tab tab(cookie, "r", acme(), with_cookie());
    static_cast<void>(tab.connect(portal));
    return tab;
}

}  // namespace

TEST_CASE("K6.1: a hub with a handle marks its storage where the mark is missing, and abandons the cookie", "[scope]") {
    for (const StorageCapabilities& storage : {own_storage(), first_party()}) {
        CHECK(marks(started_with(unmarked(storage))) == 1);
        CHECK(abandons(started_with(unmarked(storage))) == 1);
        CHECK(marks(started_with(storage)) + abandons(started_with(storage)) == 0);
    }
    for (const StorageCapabilities& storage :
         {with_cookie(), partition(), marked_storage(), marked_elsewhere(), unmarked(marked_storage())})
        CHECK(marks(started_with(storage)) + abandons(started_with(storage)) == 0);
}

TEST_CASE("K6.1: a mark that is lost while the hub runs is written again", "[scope]") {
    Backends backends;
    Tab home = home_in(backends.wider);
    CHECK(home.handle(event::StorageCapabilitiesChanged{unmarked(own_storage())}) ==
          Effects{effect::MarkStore{}, effect::AbandonCookie{}});
    CHECK(home.handle(event::StorageCapabilitiesChanged{own_storage()}).empty());
}

TEST_CASE("K6.1: who has come first and used the cookie goes to the store that is marked, and its session with it",
          "[scope][R1]") {
    Backends backends;
    Tab restricted = restricted_in(backends.part);
    restricted.login("ada");
    CHECK(restricted.snapshot().medium == Medium::cookie);
    const Effects moved = restricted.move(backends.wider, marked_storage());
    CHECK(abandons(moved) == 1);
    CHECK(restricted.snapshot().medium == Medium::local_storage);
    CHECK(restricted.snapshot().scope == Scope::shared);
    CHECK(backends.wider.shown().subject == "ada");
    Tab home = home_in(backends.wider);
    CHECK(home.snapshot().subject == "ada");
    home.logout();
    restricted.handle(event::StoreChanged{backends.wider.record});
    CHECK(restricted.snapshot().status == Status::signed_out);
}

TEST_CASE("K6.1: who cannot reach the marked store keeps its session, and says that it is apart", "[scope]") {
    Backends backends;
    Tab restricted = restricted_in(backends.part);
    restricted.login("ada");
    Store own_part;
    const Effects moved = restricted.move(own_part, marked_elsewhere());
    CHECK(abandons(moved) == 1);
    CHECK(announced(moved).session_events ==
          std::vector<SessionEvent>{session_event::ScopeChange{Scope::shared, Scope::partitioned}});
    CHECK(restricted.snapshot().subject == "ada");
    SECTION("until there is proof that it is the same after all") {
        const Effects proven = restricted.handle(event::StorageCapabilitiesChanged{marked_storage()});
        CHECK(announced(proven).snapshot.scope == Scope::shared);
        CHECK(only<effect::UseStore>(proven).empty());
    }
}

TEST_CASE("K6.1: a session that hubs without a handle have left in the cookie is there when one with a handle comes",
          "[scope][R12]") {
    Backends backends;
    {
        Tab restricted = restricted_in(backends.part);
        restricted.login("ada");
        if (GENERATE(false, true)) {
            const Record lost = backends.part.shown();
            restricted.logout();
            backends.part.record = lost;  // by a browser that was killed
        }
    }
    const bool has_ended = std::holds_alternative<Record>(backends.part.tombstone);
    StorageCapabilities storage = unmarked(own_storage());
    storage.record_in_cookie = true;
    Tab home(backends.part, "h", acme(), storage, {&backends.part, &backends.wider});
    home.connect(portal);
    CHECK(home.snapshot().medium == Medium::local_storage);
    CHECK(home.snapshot().subject == (has_ended ? "" : "ada"));
    CHECK(is_active(backends.wider.shown()) == !has_ended);
}

TEST_CASE("K6.1: a cookie that is left because it does not work any more is not abandoned: others may use it",
          "[scope]") {
    Backends backends;
    Tab restricted = restricted_in(backends.part);
    restricted.login("ada");
    Store own_part;
    CHECK(abandons(restricted.move(own_part, partition(Asking::useless))) == 0);
}
