// R4: a cookie that the browser has dropped to make room for others ends nothing. Each name is the promise it proves.
#include "tests/native/core/backends.hpp"

using namespace lockstep;
using namespace lockstep::test;

namespace {

[[nodiscard]] Tab signed_in_by_cookie(Store& cookie) {
    Tab tab(cookie, "c", acme(), with_cookie());
    static_cast<void>(tab.connect(portal));
    tab.login("ada");
    return tab;
}

// Each time the record is gone, and each time somebody is told.
Effects evict(Tab& tab, Store& cookie) {
    cookie.record = read::Absent{};
    return tab.handle(event::CookieGone{true});
}

}  // namespace

TEST_CASE("K6.4: a record that the browser has dropped is written again, and its app hears nothing of it",
          "[store][R4]") {
    Store cookie;
    Tab tab = signed_in_by_cookie(cookie);
    CHECK(evict(tab, cookie).empty());
    CHECK(cookie.shown().subject == "ada");
    CHECK(tab.snapshot().status == Status::signed_in);
}

TEST_CASE("K6.4: a record that is gone with its companion was cleared by the user", "[store][R4]") {
    Store cookie;
    Tab tab = signed_in_by_cookie(cookie);
    cookie.record = read::Absent{};
    tab.handle(event::CookieGone{false});
    CHECK(tab.snapshot().reason == EndReason::cleared);
}

TEST_CASE("K6.4: a jar that drops it again and again is given up, and that is said", "[store][R4][scope]") {
    Store cookie;
    Tab tab = signed_in_by_cookie(cookie);
    Store own_part;
    for (int count = 0; count < limits::evictions_max; ++count) CHECK(evict(tab, cookie).empty());
    const int writes = cookie.writes;
    cookie.record = read::Absent{};
    tab.now += limits::evictions_window_ms;
    const Effects effects = tab.move_at(own_part, event::CookieGone{true});
    CHECK(announced(effects).snapshot.scope == Scope::partitioned);
    CHECK(tab.snapshot().status == Status::signed_in);
    CHECK(own_part.shown().subject == "ada");
    CHECK(cookie.writes == writes);
    SECTION("for as long as the document lives") {
        tab.handle(event::StorageCapabilitiesChanged{with_cookie()});
        CHECK(tab.snapshot().medium == Medium::local_storage);
    }
    SECTION("but not the first party's storage, when that can be had") {
        tab.handle(event::StorageCapabilitiesChanged{own_storage()});
        CHECK(tab.snapshot().scope == Scope::shared);
    }
}

TEST_CASE("K6.4: a cookie that is dropped now and then is written again each time", "[store][R4]") {
    Store cookie;
    Tab tab = signed_in_by_cookie(cookie);
    for (int count = 0; count < 3 * limits::evictions_max; ++count) {
        tab.now += limits::evictions_window_ms;
        CHECK(evict(tab, cookie).empty());
        CHECK(cookie.shown().subject == "ada");
    }
}

TEST_CASE("K6.4: what is reported of a cookie that is not in use is nothing", "[store]") {
    Store store;
    Tab tab = home_in(store);
    tab.login("ada");
    CHECK(tab.handle(event::CookieGone{false}).empty());
    CHECK(tab.snapshot().status == Status::signed_in);
}
