// The store under a living session: how the session comes along into another one, and what others hear of it.
// Each name is the promise it proves.
#include "tests/native/core/areas.hpp"

using namespace lockstep;
using namespace lockstep::test;

TEST_CASE("the session comes along into a wider store, and others hear of it", "[scope][R3]") {
    Areas areas;
    Tab guest = guest_in(areas.part);
    Tab home = home_in(areas.wider);
    guest.login("ada", "s1", guest.now + minute);
    const Record before = areas.part.shown();
    guest.move(areas.wider, first_party());

    const Record& after = areas.wider.shown();
    CHECK(before.born < after.born);
    CHECK(after.subject == "ada");
    CHECK(after.session_id == "s1");
    CHECK(after.signed_in_at == before.signed_in_at);
    CHECK(after.expires_at == before.expires_at);
    CHECK(announced(home.hears()).notices == std::vector<Notice>{notice::Login{}});
    CHECK(areas.part.shown() == before);  // whoever stays there keeps it
}

TEST_CASE("for the app whose session goes on a change of store is a change of scope and nothing else", "[scope]") {
    Areas areas;
    Tab guest = guest_in(areas.part);
    Tab home = home_in(areas.wider);
    guest.login("ada");
    const auto wide = GENERATE(values<Placement>({first_party(), with_cookie()}));
    SECTION("when the session is born again") {}
    SECTION("when the wider store holds an active one of the same user") { home.login("ada", "s1"); }
    const auto told = announced(guest.move(areas.wider, wide));
    CHECK(told.notices == scope_alone);
    CHECK(told.snapshot.session == areas.wider.shown().born);
    CHECK(told.snapshot.medium == widest_medium(wide));
}

TEST_CASE("an app that comes back with what it showed before the change hears of no login", "[scope]") {
    Areas areas;
    Tab guest = guest_in(areas.part);
    guest.login("ada");
    const LastSeen shown{areas.part.shown().born, "ada"};
    guest.move(areas.wider, first_party());
    CHECK(only<effect::Welcome>(guest.connect(portal, shown)).at(0).notices.empty());
}

TEST_CASE("what shows that the store is the first party's already moves nothing", "[scope]") {
    Areas areas;
    Tab guest = guest_in(areas.part);
    guest.login("ada");
    const Record before = areas.part.shown();
    CHECK(announced(guest.move(areas.wider, own_area())).notices == scope_alone);
    CHECK(areas.part.shown() == before);
    CHECK(areas.wider.writes == 0);
}

TEST_CASE("the active session of the wider store wins", "[scope][R4]") {
    Areas areas;
    Tab guest = guest_in(areas.part);
    Tab home = home_in(areas.wider);
    const auto comes = [&] {
        const int writes = areas.wider.writes;
        auto notices = announced(guest.move(areas.wider, first_party())).notices;
        CHECK(areas.wider.writes == writes);
        notices.pop_back();  // of the scope
        return notices;
    };
    SECTION("another user's is told as a change of user") {
        guest.login("ada");
        home.login("grace");
        CHECK(comes() == std::vector<Notice>{notice::UserChange{"ada"}});
    }
    SECTION("however many sessions the part has seen") {
        for (const auto* subject : {"ada", "edith", "ada", "edith"}) guest.login(subject);
        home.login("grace");
        CHECK(comes() == std::vector<Notice>{notice::UserChange{"edith"}});
    }
    SECTION("another provider session of the same user is told as a login") {
        guest.login("ada", "s1");
        home.login("ada", "s2");
        CHECK(comes() == std::vector<Notice>{notice::Login{}});
    }
    SECTION("where nobody was signed in it is told as a login") {
        home.login("grace");
        CHECK(comes() == std::vector<Notice>{notice::Login{}});
    }
    SECTION("where one had signed out it is told as a login") {
        guest.login("grace", "s1");
        guest.logout();
        home.login("grace", "s1");
        CHECK(comes() == std::vector<Notice>{notice::Login{}});
    }
}

TEST_CASE("what has ended in the wider store ends the session that comes along", "[scope][R1]") {
    Areas areas;
    Tab guest = guest_in(areas.part);
    Tab home = home_in(areas.wider);
    home.login("ada", "s1");
    home.logout();
    const Record end = areas.wider.shown();
    SECTION("by its session id") {
        guest.login("ada", "s1");
        const auto told = announced(guest.move(areas.wider, first_party()));
        CHECK(told.snapshot.status == Status::signed_out);
        CHECK(told.notices.front() == Notice{notice::Logout{EndReason::logout, portal}});
        CHECK(areas.wider.shown() == end);
    }
    SECTION("but not one with another session id, or with none (R2)") {
        guest.login("ada", GENERATE(values<std::optional<std::string>>({"s2", std::nullopt})));
        CHECK(announced(guest.move(areas.wider, first_party())).notices == scope_alone);
        CHECK(areas.wider.shown().subject == "ada");
        CHECK(announced(home.hears()).notices == std::vector<Notice>{notice::Login{}});
    }
}

TEST_CASE("why a session ended is told in an empty store, too", "[scope]") {
    Areas areas;
    Tab guest = guest_in(areas.part);
    guest.login("ada", "s1");
    guest.logout();
    const auto told = announced(guest.move(areas.wider, first_party()));
    CHECK(told.notices == scope_alone);
    CHECK(told.snapshot.reason == EndReason::logout);
    CHECK(told.snapshot.ended_by == portal);
    CHECK(outcome(guest.login("ada", "s1")) == Code::session_ended);  // R1
}

TEST_CASE("a logout that names the session as it was born in the part ends the one that goes on", "[scope][R2]") {
    Areas areas;
    Tab guest = guest_in(areas.part);
    Tab home = home_in(areas.wider);
    guest.login("ada");
    const auto named = guest.snapshot().session;
    SECTION("born again") {
        guest.move(areas.wider, first_party());
        CHECK(outcome(guest.logout(named)) == std::nullopt);
        CHECK_FALSE(is_active(areas.wider.shown()));
    }
    SECTION("or found there") {
        home.login("ada");
        guest.move(areas.wider, first_party());
        guest.logout(named);
        CHECK_FALSE(is_active(areas.wider.shown()));
    }
    SECTION("but none that is born later") {
        guest.move(areas.wider, first_party());
        home.hears();
        home.login("grace");
        guest.hears();
        CHECK(outcome(guest.logout(named)) == std::nullopt);
        CHECK(areas.wider.shown().subject == "grace");
        CHECK(is_active(areas.wider.shown()));
    }
    SECTION("nor is one ever missed that is called so where the user is now") {
        guest.move(areas.wider, first_party());
        home.hears();
        home.login("grace");
        guest.hears();
        REQUIRE(announced(guest.move(areas.part, partition())).snapshot.session == named);
        guest.logout(named);
        CHECK_FALSE(is_active(areas.part.shown()));
    }
    SECTION("nor another user's that was found there") {
        home.login("grace");
        guest.move(areas.wider, first_party());
        guest.logout(named);
        CHECK(is_active(areas.wider.shown()));
    }
}

TEST_CASE("a session whose expiry has passed does not come along as active", "[scope][R8]") {
    Areas areas;
    Tab guest = guest_in(areas.part);
    guest.login("ada", "s1", guest.now + minute);
    guest.now += minute;
    const auto told = announced(guest.move(areas.wider, first_party()));
    CHECK(told.notices.front() == Notice{notice::Logout{EndReason::expired, ""}});
    CHECK(told.snapshot.reason == EndReason::expired);
}

TEST_CASE("what has ended in the part and was not heard of yet does not come along", "[scope][R1][R10]") {
    Areas areas;
    Tab guest = guest_in(areas.part);
    Tab other = guest_in(areas.part, "q");
    guest.login("ada");
    other.hears();
    other.logout();
    const auto told = announced(guest.move(areas.wider, first_party()));
    CHECK(told.snapshot.reason == EndReason::logout);
    CHECK(told.notices.front() == Notice{notice::Logout{EndReason::logout, portal}});
}

TEST_CASE("a clear of the part that was seen is not undone by leaving it", "[scope][R4]") {
    Areas areas;
    Tab guest = guest_in(areas.part);
    guest.login("ada");
    areas.part.record = read::Newer{};  // nothing is decided meanwhile
    guest.hears();
    guest.handle(event::StoreCleared{});
    guest.move(areas.wider, first_party());
    CHECK(guest.snapshot().reason == EndReason::cleared);
}

TEST_CASE("two tabs that move at once agree, and neither app hears of a login", "[scope][R3]") {
    Areas areas;
    Tab first = guest_in(areas.part);
    Tab second = guest_in(areas.part, "q");
    first.login("ada", "s1");
    second.hears();
    const auto named = first.snapshot().session;
    first.move(areas.wider, first_party());
    const Record of_first = areas.wider.shown();
    areas.wider.record = read::Absent{};  // what the second one's process shows yet
    second.move(areas.wider, first_party());
    areas.wider.record = merge(of_first, areas.wider.shown());

    for (Tab* tab : {&first, &second}) {
        for (const auto& said : only<effect::Announce>(tab->hears())) CHECK(said.notices.empty());
    }
    CHECK(first.snapshot().session == second.snapshot().session);
    second.logout(named);
    CHECK_FALSE(is_active(areas.wider.shown()));
    CHECK(announced(first.hears()).snapshot.reason == EndReason::logout);
}

TEST_CASE("where the wider store is lost the session goes on in the part", "[scope][R4]") {
    Areas areas;
    Tab guest = guest_in(areas.part);
    guest.login("ada", "s1");
    guest.move(areas.wider, with_cookie());
    SECTION("as it was") {
        const auto told = announced(guest.move(areas.part, partition()));
        CHECK(told.notices == std::vector<Notice>{notice::ScopeChange{Scope::shared, Scope::partitioned}});
        CHECK(told.snapshot.subject == "ada");
    }
    SECTION("though the part has lost it") {
        areas.part.record = read::Absent{};
        guest.move(areas.part, partition());
        CHECK(areas.part.shown().subject == "ada");
    }
    SECTION("but not when it has ended meanwhile (R1)") {
        guest.logout();
        CHECK(announced(guest.move(areas.part, partition())).snapshot.reason == EndReason::logout);
        CHECK_FALSE(is_active(areas.part.shown()));
    }
    SECTION("nor when its time has run out meanwhile, which nobody has decided (R8)") {
        Tab other = guest_in(areas.part, "q");
        other.login("ada", "s1", other.now + 2'000);
        guest.login("ada", "s1", guest.now + 1'000);
        guest.now += 1'000;
        CHECK(announced(guest.handle(event::TimerFired{})).snapshot.reason == EndReason::expired);
        guest.move(areas.part, partition());
        CHECK(areas.part.shown().ended == End{EndReason::expired, "", guest.now});
        CHECK(areas.part.shown().version.writer.empty());
    }
    SECTION("and a session that was born in the part since is another (R2)") {
        Tab other = guest_in(areas.part, "q");
        guest.logout();
        other.login("grace");
        CHECK(announced(guest.move(areas.part, partition())).snapshot.subject == "grace");
    }
}

TEST_CASE("a session that is on its way into one store is not lost when another is used after all", "[scope][R4]") {
    Areas areas;
    Tab guest = guest_in(areas.part);
    guest.login("ada");
    Tab home = home_in(areas.wider);
    home.login("grace");
    home.logout();
    Step moved = step(guest.state(), guest.now, event::PlacementChanged{first_party()});
    moved = step(std::move(moved.state), guest.now, event::RecordRead{areas.part.record});
    moved = step(std::move(moved.state), guest.now, event::RecordRead{GENERATE_COPY(values<Read>({areas.wider.record, read::Newer{}}))});
    moved = step(std::move(moved.state), guest.now, event::PlacementChanged{partition()});
    moved = step(std::move(moved.state), guest.now, event::RecordRead{areas.wider.record});
    if (moved.state.phase == Phase::reconciling) {
        moved = step(std::move(moved.state), guest.now, event::KeptEndRead{read::Absent{}});
        moved = step(std::move(moved.state), guest.now, event::RecordRead{areas.wider.record});
    }
    REQUIRE(only<effect::UseStore>(moved.effects) == std::vector{effect::UseStore{Medium::local_storage}});
    moved = step(std::move(moved.state), guest.now, event::RecordRead{read::Absent{}});
    moved = step(std::move(moved.state), guest.now, event::KeptEndRead{read::Absent{}});
    moved = step(std::move(moved.state), guest.now, event::RecordRead{read::Absent{}});
    const auto written = only<effect::WriteRecord>(moved.effects);
    REQUIRE(written.size() == 1);
    CHECK(written[0].record.subject == "ada");
}
