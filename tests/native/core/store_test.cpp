// The store and the session: what a read of it means, when something is durable, what is written back: R4, R5, R10,
// R12. Each name is the promise it proves.
#include "tests/native/core/tab.hpp"

using namespace lockstep;
using namespace lockstep::test;

TEST_CASE("absent is not signed out", "[session][R4]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    a.login("ada");
    const Record known = store.shown();

    store.record = GENERATE(values<Read>({read::Absent{}, read::Unreadable{}}));
    CHECK(only<effect::Announce>(a.handle(event::Woke{})).empty());
    CHECK(a.snapshot().status == Status::signed_in);
    CHECK(store.shown() == known);  // written back
}

TEST_CASE("an empty store at the start is nobody, not an end", "[session][R4]") {
    Store store;
    Tab a(store, "a");
    const auto welcomes = only<effect::Welcome>(a.connect(portal));
    REQUIRE(welcomes.size() == 1);
    CHECK(welcomes[0].snapshot.status == Status::signed_out);
    CHECK_FALSE(welcomes[0].snapshot.reason);
    CHECK(store.writes == 0);
}

TEST_CASE("an explicit clear ends the session that was known", "[session][R4]") {
    Store store;
    Tab a(store, "a");
    Tab b(store, "b");
    a.connect(portal);
    b.connect(portal);
    a.login("ada");
    b.notify();

    SECTION("in every tab, with the reason") {
        store.record = read::Absent{};
        a.handle(event::StoreCleared{});
        CHECK(a.snapshot().reason == EndReason::cleared);
        b.handle(event::StoreCleared{});
        CHECK(b.snapshot().reason == EndReason::cleared);
        CHECK(store.shown().ended->reason == EndReason::cleared);
    }
    SECTION("even when a tab that saw only an empty store wrote it back") {
        const Record known = store.shown();
        store.record = known;
        a.handle(event::StoreCleared{});
        CHECK(a.snapshot().reason == EndReason::cleared);
    }
    SECTION("but none that was created after it (R2)") {
        b.login("grace");
        a.handle(event::StoreCleared{});
        CHECK(a.snapshot().subject == "grace");
    }
}

TEST_CASE("a change is announced only after it has been stored", "[session][R5]") {
    Store store;
    Tab tab(store, "a");
    tab.connect(portal);
    tab.login("ada");
    // Another login, step by step: nothing is sent between the request and the outcome of the write.
    const Step read =
        step(tab.state(), tab.now, event::LoginReceived{tab.port, 9, "grace", std::nullopt, std::nullopt, ""});
    REQUIRE(read.effects == Effects{effect::ReadRecord{}});
    const Step write = step(read.state, tab.now, event::RecordRead{store.record});
    REQUIRE(write.effects.size() == 1);
    const auto& asked = std::get<effect::WriteRecord>(write.effects[0]);
    const Step published = step(write.state, tab.now, event::RecordWritten{asked.write_id});
    REQUIRE(published.effects.size() == 2);
    CHECK(std::holds_alternative<effect::Announce>(published.effects[0]));
    CHECK(std::get<effect::Reply>(published.effects[1]) == effect::Reply{tab.port, 9, std::nullopt});
}

TEST_CASE("a session is never created below the tombstone of a killed browser", "[session][R12]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    a.login("ada");
    a.login("grace");
    a.logout();
    store.record = read::Absent{};  // the killed browser lost the whole record, and its counters with it

    Tab b(store, "b");
    b.connect(portal);
    CHECK(outcome(b.login("edith")) == Code::session_ended);  // it has not been shown the end, and now it is
    CHECK(outcome(b.login("edith")) == std::nullopt);
    Tab c(store, "c");  // … and at the next start the tombstone must not take the new session for an older one
    CHECK(only<effect::Welcome>(c.connect(portal)).at(0).snapshot.subject == "edith");
}

TEST_CASE("a store that refuses is said, and heals", "[session][R5]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    store.full = true;
    const Effects effects = a.login("ada");
    CHECK(outcome(effects) == Code::storage_failed);
    CHECK(announced(effects).snapshot.status == Status::signed_in);
    CHECK(announced(effects).snapshot.scope == Scope::alone);
    CHECK(announced(effects).snapshot.medium == Medium::memory);

    CHECK(only<effect::ErrorNotice>(a.handle(event::Woke{})).empty());  // sent once
    store.full = false;
    CHECK(announced(a.handle(event::Woke{})).snapshot.scope == Scope::shared);
    CHECK(store.shown().subject == "ada");
}

TEST_CASE("with storage blocked the app runs alone", "[session][scope]") {
    Store store;
    store.record = read::Blocked{};
    Tab a(store, "a");
    const auto welcome = only<effect::Welcome>(a.connect(portal));
    REQUIRE(welcome.size() == 1);
    CHECK(welcome[0].snapshot.scope == Scope::alone);
    CHECK(outcome(a.login("ada")) == std::nullopt);
    CHECK(a.snapshot().status == Status::signed_in);
    CHECK(outcome(a.logout()) == std::nullopt);
    CHECK(a.snapshot().reason == EndReason::logout);
    CHECK(store.writes == 0);
}

TEST_CASE("a notification makes the hub read; the value of a write that lost is not applied", "[session][R10]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    a.login("ada");
    const Record loser = store.shown();
    a.login("grace");
    CHECK(only<effect::Announce>(a.handle(event::StoreChanged{loser})).empty());
    CHECK(a.snapshot().subject == "grace");
    CHECK(step(a.state(), a.now, event::StoreChanged{}).effects == Effects{effect::ReadRecord{}});
    CHECK(step(a.state(), a.now, event::Woke{}).effects == Effects{effect::ReadRecord{}});
}

TEST_CASE("an end that was overwritten by a tab that had not seen it is put back, though its writer is gone",
          "[session][R1][R10]") {
    Store store;
    Tab a(store, "a", acme_with_idle_time());
    Tab b(store, "b", acme_with_idle_time());
    a.connect(portal);
    b.connect(billing);
    a.login("ada");
    b.notify();
    const Record before = store.shown();
    a.logout();
    const Record end = store.shown();
    store.record = before;  // what b's process still shows
    b.now += minute;
    b.touch();
    REQUIRE(is_active(store.shown()));
    SECTION("b is notified of the end after it has overwritten it") {
        CHECK(announced(b.handle(event::StoreChanged{end})).snapshot.status == Status::signed_out);
        CHECK_FALSE(is_active(store.shown()));
    }
    SECTION("what was too long, garbage or of a newer format is nothing") {
        CHECK(b.handle(event::StoreChanged{read::Unreadable{}}).empty());
        CHECK(b.handle(event::StoreChanged{read::Newer{}}).empty());
        CHECK(b.snapshot().status == Status::signed_in);
    }
}

TEST_CASE("where an older record shows, the newer is written again", "[session][R10]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    a.login("ada");
    const Record older = store.shown();
    a.login("grace");
    const Record newer = store.shown();
    store.record = older;
    CHECK(only<effect::Announce>(a.notify()).empty());
    CHECK(store.shown() == newer);
}

TEST_CASE("an end survives the browser that was killed after it", "[session][R12]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    a.login("ada");
    const Record lost_write = store.shown();
    a.logout();
    store.record = lost_write;  // the killed browser lost the end, but not the sign-in before it

    Tab again(store, "b");
    const auto welcome = only<effect::Welcome>(again.connect(portal));
    REQUIRE(welcome.size() == 1);
    CHECK(welcome[0].snapshot.reason == EndReason::logout);
    CHECK_FALSE(is_active(store.shown()));
}

TEST_CASE("an end survives a killed browser whose store only a later hub can read at first", "[session][format][R12]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    a.login("ada");
    const Record lost_write = store.shown();
    a.logout();
    store.record = read::Newer{};

    Tab b(store, "b");
    CHECK(only<effect::Welcome>(b.connect(billing)).at(0).snapshot.status == Status::unavailable);
    store.record = read::Absent{};
    b.notify();
    store.record = lost_write;  // the later hub is rolled back
    b.handle(event::StoreChanged{lost_write});
    CHECK(b.snapshot().status == Status::signed_out);
    CHECK(b.snapshot().reason == EndReason::logout);
}

TEST_CASE("a tombstone does not touch a session created after it", "[session][R12]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    a.login("ada");
    a.logout();
    a.login("ada");
    Tab again(store, "b");
    CHECK(only<effect::Welcome>(again.connect(portal)).at(0).snapshot.status == Status::signed_in);
}

TEST_CASE("nothing is announced before the tombstone has been read", "[session][R12]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    a.login("ada");

    State state = initial_state(acme());
    state = step(std::move(state), a.now, event::Started{"b", {}}).state;
    state = step(std::move(state), a.now, event::HelloReceived{1, portal, std::nullopt, std::nullopt}).state;
    Step asked = step(std::move(state), a.now, event::RecordRead{store.record});
    CHECK(asked.effects == Effects{effect::ReadTombstone{}});
    Step reread = step(std::move(asked.state), a.now, event::TombstoneRead{read::Absent{}});
    CHECK(reread.effects == Effects{effect::ReadRecord{}});  // the disk may have taken long
    const Step published = step(std::move(reread.state), a.now, event::RecordRead{store.record});
    CHECK(only<effect::Welcome>(published.effects).size() == 1);
}

TEST_CASE("a logout is answered when its tombstone is stored", "[session][R12]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    a.login("ada");
    State state = step(a.state(), a.now, event::LogoutReceived{a.port, 7, std::nullopt}).state;
    Step written = step(std::move(state), a.now, event::RecordRead{store.record});
    const auto asked = only<effect::WriteRecord>(written.effects).at(0);
    Step published = step(std::move(written.state), a.now, event::RecordWritten{asked.write_id});
    CHECK(only<effect::Announce>(published.effects).size() == 1);
    CHECK(only<effect::Reply>(published.effects).empty());
    const auto tombstone = only<effect::StoreTombstone>(published.effects).at(0);
    const Step done = step(std::move(published.state), a.now, event::TombstoneStored{tombstone.write_id});
    CHECK(only<effect::Reply>(done.effects) == std::vector{effect::Reply{a.port, 7, std::nullopt}});
}

TEST_CASE("a newer hub's record is left alone", "[session][format]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    a.login("ada");
    const Record known = store.shown();
    const int writes = store.writes;
    store.record = read::Newer{};
    CHECK(announced(a.notify()).snapshot.status == Status::unavailable);
    CHECK(outcome(a.logout()) == Code::hub_outdated);
    a.now += 1'000'000'000'000;
    a.handle(event::TimerFired{});
    CHECK(store.writes == writes);

    store.record = known;  // … and when it can be read again, all goes on
    CHECK(announced(a.notify()).snapshot.status == Status::signed_in);
}
