// The store under a living session: how the session migrates to another one, and what other tabs get of it.
// Each name is the promise it proves.
#include "tests/native/core/backends.hpp"

using namespace lockstep;
using namespace lockstep::test;

TEST_CASE("the session migrates to a wider store, and other tabs get it", "[scope][R3]") {
    Backends backends;
    Tab guest = guest_in(backends.part);
    Tab home = home_in(backends.wider);
    guest.login("ada", "s1", guest.now + minute);
    const Record before = backends.part.shown();
    guest.move(backends.wider, first_party());

    const Record& after = backends.wider.shown();
    CHECK(before.created < after.created);
    CHECK(after.subject == "ada");
    CHECK(after.session_id == "s1");
    CHECK(after.signed_in_at == before.signed_in_at);
    CHECK(after.expires_at == before.expires_at);
    CHECK(announced(home.notify()).session_events == std::vector<SessionEvent>{session_event::Login{}});
    CHECK(backends.part.shown() == before);  // tabs that stay there still have it
}

TEST_CASE("for the app whose session goes on a change of store is a change of scope and nothing else", "[scope]") {
    Backends backends;
    Tab guest = guest_in(backends.part);
    Tab home = home_in(backends.wider);
    guest.login("ada");
    const auto wide = GENERATE(values<StorageCapabilities>({first_party(), with_cookie()}));
    SECTION("when the session is created again") {}
    SECTION("when the wider store holds an active one of the same user") { home.login("ada", "s1"); }
    const auto announcement = announced(guest.move(backends.wider, wide));
    CHECK(announcement.session_events == scope_alone);
    CHECK(announcement.snapshot.session == backends.wider.shown().created);
    CHECK(announcement.snapshot.medium == widest_medium(wide));
}

TEST_CASE("an app that comes back with what it showed before the change gets no login event", "[scope]") {
    Backends backends;
    Tab guest = guest_in(backends.part);
    guest.login("ada");
    const LastSeen shown{backends.part.shown().created, "ada"};
    guest.move(backends.wider, first_party());
    CHECK(only<effect::Welcome>(guest.connect(portal, shown)).at(0).session_events.empty());
}

TEST_CASE("a proof that the store is the first party's already migrates nothing", "[scope]") {
    Backends backends;
    Tab guest = guest_in(backends.part);
    guest.login("ada");
    const Record before = backends.part.shown();
    CHECK(announced(guest.move(backends.wider, own_storage())).session_events == scope_alone);
    CHECK(backends.part.shown() == before);
    CHECK(backends.wider.writes == 0);
}

TEST_CASE("the active session of the wider store wins", "[scope][R4]") {
    Backends backends;
    Tab guest = guest_in(backends.part);
    Tab home = home_in(backends.wider);
    const auto events_of_migration = [&] {
        const int writes = backends.wider.writes;
        auto session_events = announced(guest.move(backends.wider, first_party())).session_events;
        CHECK(backends.wider.writes == writes);
        session_events.pop_back();  // of the scope
        return session_events;
    };
    SECTION("another user's gives a user-change event") {
        guest.login("ada");
        home.login("grace");
        CHECK(events_of_migration() == std::vector<SessionEvent>{session_event::UserChange{"ada"}});
    }
    SECTION("however many sessions the part has seen") {
        for (const auto* subject : {"ada", "edith", "ada", "edith"}) guest.login(subject);
        home.login("grace");
        CHECK(events_of_migration() == std::vector<SessionEvent>{session_event::UserChange{"edith"}});
    }
    SECTION("another session id of the same user gives no event: each app may have one of its own") {
        guest.login("ada", "s1");
        home.login("ada", "s2");
        CHECK(events_of_migration().empty());
    }
    SECTION("where nobody was signed in it gives a login event") {
        home.login("grace");
        CHECK(events_of_migration() == std::vector<SessionEvent>{session_event::Login{}});
    }
    SECTION("where one had signed out it gives a login event") {
        guest.login("grace", "s1");
        guest.logout();
        home.login("grace", "s1");
        CHECK(events_of_migration() == std::vector<SessionEvent>{session_event::Login{}});
    }
}

TEST_CASE("what has ended in the wider store ends the session that migrates", "[scope][R1]") {
    Backends backends;
    Tab guest = guest_in(backends.part);
    Tab home = home_in(backends.wider);
    home.login("ada", "s1");
    home.logout();
    const Record end = backends.wider.shown();
    SECTION("by its session id") {
        guest.login("ada", "s1");
        const auto announcement = announced(guest.move(backends.wider, first_party()));
        CHECK(announcement.snapshot.status == Status::signed_out);
        CHECK(announcement.session_events.front() == SessionEvent{session_event::Logout{EndReason::logout, portal}});
        CHECK(backends.wider.shown() == end);
    }
    SECTION("but not one with another session id, or with none (R2)") {
        guest.login("ada", GENERATE(values<std::optional<std::string>>({"s2", std::nullopt})));
        CHECK(announced(guest.move(backends.wider, first_party())).session_events == scope_alone);
        CHECK(backends.wider.shown().subject == "ada");
        CHECK(announced(home.notify()).session_events == std::vector<SessionEvent>{session_event::Login{}});
    }
}

TEST_CASE("why a session ended is shown in an empty store, too", "[scope]") {
    Backends backends;
    Tab guest = guest_in(backends.part);
    guest.login("ada", "s1");
    guest.logout();
    const auto announcement = announced(guest.move(backends.wider, first_party()));
    CHECK(announcement.session_events == scope_alone);
    CHECK(announcement.snapshot.reason == EndReason::logout);
    CHECK(announcement.snapshot.ended_by == portal);
    CHECK(outcome(guest.log_in(std::nullopt, "ada", "s1")) == Code::session_ended);  // R1
}

TEST_CASE("a logout that names the session of the source ends the one that continues in the target", "[scope][R2]") {
    Backends backends;
    Tab guest = guest_in(backends.part);
    Tab home = home_in(backends.wider);
    guest.login("ada");
    const auto named = guest.snapshot().session;
    SECTION("created again") {
        guest.move(backends.wider, first_party());
        CHECK(outcome(guest.logout(named)) == std::nullopt);
        CHECK_FALSE(is_active(backends.wider.shown()));
    }
    SECTION("or found there") {
        home.login("ada");
        guest.move(backends.wider, first_party());
        guest.logout(named);
        CHECK_FALSE(is_active(backends.wider.shown()));
    }
    SECTION("but none that is created later") {
        guest.move(backends.wider, first_party());
        home.notify();
        home.login("grace");
        guest.notify();
        CHECK(outcome(guest.logout(named)) == std::nullopt);
        CHECK(backends.wider.shown().subject == "grace");
        CHECK(is_active(backends.wider.shown()));
    }
    SECTION("nor is one ever missed that is called so where the user is now") {
        guest.move(backends.wider, first_party());
        home.notify();
        home.login("grace");
        guest.notify();
        REQUIRE(announced(guest.move(backends.part, partition())).snapshot.session == named);
        guest.logout(named);
        CHECK_FALSE(is_active(backends.part.shown()));
    }
    SECTION("nor another user's that was found there") {
        home.login("grace");
        guest.move(backends.wider, first_party());
        guest.logout(named);
        CHECK(is_active(backends.wider.shown()));
    }
}

TEST_CASE("a session whose expiry has passed does not migrate as active", "[scope][R8]") {
    Backends backends;
    Tab guest = guest_in(backends.part);
    guest.login("ada", "s1", guest.now + minute);
    guest.now += minute;
    const auto announcement = announced(guest.move(backends.wider, first_party()));
    CHECK(announcement.session_events.front() == SessionEvent{session_event::Logout{EndReason::expired, ""}});
    CHECK(announcement.snapshot.reason == EndReason::expired);
}

TEST_CASE("a session that ended in the source without a notification yet does not migrate as active",
          "[scope][R1][R10]") {
    Backends backends;
    Tab guest = guest_in(backends.part);
    Tab other = guest_in(backends.part, "q");
    guest.login("ada");
    other.notify();
    other.logout();
    const auto announcement = announced(guest.move(backends.wider, first_party()));
    CHECK(announcement.snapshot.reason == EndReason::logout);
    CHECK(announcement.session_events.front() == SessionEvent{session_event::Logout{EndReason::logout, portal}});
}

TEST_CASE("a clear of the part that was seen is not undone by leaving it", "[scope][R4]") {
    Backends backends;
    Tab guest = guest_in(backends.part);
    guest.login("ada");
    backends.part.record = read::Newer{};  // nothing is decided meanwhile
    guest.notify();
    guest.handle(event::StoreCleared{});
    guest.move(backends.wider, first_party());
    CHECK(guest.snapshot().reason == EndReason::cleared);
}

TEST_CASE("two tabs that migrate at once agree, and neither app gets a login event", "[scope][R3]") {
    Backends backends;
    Tab first = guest_in(backends.part);
    Tab second = guest_in(backends.part, "q");
    first.login("ada", "s1");
    second.notify();
    const auto named = first.snapshot().session;
    first.move(backends.wider, first_party());
    const Record of_first = backends.wider.shown();
    backends.wider.record = read::Absent{};  // what the second one's process shows yet
    second.move(backends.wider, first_party());
    backends.wider.record = merge(of_first, backends.wider.shown());

    for (Tab* tab : {&first, &second}) {
        for (const auto& effects : only<effect::Announce>(tab->notify())) CHECK(effects.session_events.empty());
    }
    CHECK(first.snapshot().session == second.snapshot().session);
    second.logout(named);
    CHECK_FALSE(is_active(backends.wider.shown()));
    CHECK(announced(first.notify()).snapshot.reason == EndReason::logout);
}

TEST_CASE("where the wider store is lost the session goes on in the part", "[scope][R4]") {
    Backends backends;
    Tab guest = guest_in(backends.part);
    guest.login("ada", "s1");
    guest.move(backends.wider, with_cookie());
    SECTION("as it was") {
        const auto announcement = announced(guest.move(backends.part, partition()));
        CHECK(announcement.session_events ==
              std::vector<SessionEvent>{session_event::ScopeChange{Scope::shared, Scope::partitioned}});
        CHECK(announcement.snapshot.subject == "ada");
    }
    SECTION("though the part has lost it") {
        backends.part.record = read::Absent{};
        guest.move(backends.part, partition());
        CHECK(backends.part.shown().subject == "ada");
    }
    SECTION("but not when it has ended meanwhile (R1)") {
        guest.logout();
        CHECK(announced(guest.move(backends.part, partition())).snapshot.reason == EndReason::logout);
        CHECK_FALSE(is_active(backends.part.shown()));
    }
    SECTION("nor when its time has run out meanwhile, which nobody has decided (R8)") {
        Backends two;
        Tab late = guest_in(two.part);
        late.login("ada", "s1", late.now + 1'000);
        late.move(two.wider, with_cookie());
        Tab other = guest_in(two.part, "q");
        other.login("ada", "s1", other.now + 2'000);
        late.now += 1'000;
        CHECK(announced(late.handle(event::TimerFired{})).snapshot.reason == EndReason::expired);
        late.move(two.part, partition());
        CHECK(two.part.shown().ended == End{EndReason::expired, "", late.now});
        CHECK(two.part.shown().updated.writer.empty());
    }
    SECTION("and a session that was created in the source since is another (R2)") {
        Tab other = guest_in(backends.part, "q");
        guest.logout();
        other.login("grace");
        CHECK(announced(guest.move(backends.part, partition())).snapshot.subject == "grace");
    }
}

TEST_CASE("a session that is on its way into one store is not lost when another is used after all", "[scope][R4]") {
    Backends backends;
    Tab guest = guest_in(backends.part);
    guest.login("ada");
    Tab home = home_in(backends.wider);
    home.login("grace");
    home.logout();
    Step moved = step(guest.state(), guest.now, event::StorageCapabilitiesChanged{first_party()});
    moved = step(std::move(moved.state), guest.now, event::RecordRead{backends.part.record});
    moved = step(std::move(moved.state), guest.now,
                 event::RecordRead{GENERATE_COPY(values<Read>({backends.wider.record, read::Newer{}}))});
    moved = step(std::move(moved.state), guest.now, event::StorageCapabilitiesChanged{partition()});
    moved = step(std::move(moved.state), guest.now, event::RecordRead{backends.wider.record});
    if (moved.state.phase == Phase::reconciling) {
        moved = step(std::move(moved.state), guest.now, event::TombstoneRead{read::Absent{}});
        moved = step(std::move(moved.state), guest.now, event::RecordRead{backends.wider.record});
    }
    REQUIRE(only<effect::UseStore>(moved.effects) == std::vector{effect::UseStore{Medium::local_storage}});
    moved = step(std::move(moved.state), guest.now, event::RecordRead{read::Absent{}});
    moved = step(std::move(moved.state), guest.now, event::TombstoneRead{read::Absent{}});
    moved = step(std::move(moved.state), guest.now, event::RecordRead{read::Absent{}});
    const auto written = only<effect::WriteRecord>(moved.effects);
    REQUIRE(written.size() == 1);
    CHECK(written[0].record.subject == "ada");
}
