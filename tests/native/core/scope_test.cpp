// The store under a living session: how it comes along into another one, what others hear of it, and the user's gesture that opens it.
// Each name is the promise it proves.
#include "tests/native/core/duty_browser.hpp"

using namespace lockstep;
using namespace lockstep::test;

namespace {

constexpr RequestId scope_id = 77;

// A tab of a foreign site, with a part of the storage of its own, and the store of the first party.
struct Areas {
    Store part;
    Store wider;
};

[[nodiscard]] Tab guest_in(Store& part, const std::string& writer = "p") {
    Tab tab(part, writer, acme(), partition());
    static_cast<void>(tab.connect(portal));
    return tab;
}
[[nodiscard]] Tab home_in(Store& wider) {
    Tab tab(wider, "h");
    static_cast<void>(tab.connect(portal));
    return tab;
}

[[nodiscard]] Effects asks_for_scope(Tab& tab, RequestId id = scope_id) {
    return tab.handle(event::ScopeRequested{tab.port, id, "Stay signed in", "color:teal"});
}

const std::vector<Notice> scope_alone{notice::ScopeChange{Scope::partitioned, Scope::shared}};

}  // namespace

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

TEST_CASE("the end that the wider store's browser kept is read before anything there is believed", "[scope][R12]") {
    Areas areas;
    Tab home = home_in(areas.wider);
    home.login("ada", "s1");
    const Record lost = areas.wider.shown();
    for (const auto* subject : {"grace", "edith"}) home.login(subject);
    home.login("ada", "s1");
    const Record last = areas.wider.shown();
    home.logout();
    Tab guest = guest_in(areas.part);
    SECTION("where it shows the session still") {
        areas.wider.record = last;
        guest.move(areas.wider, first_party());
        CHECK(guest.snapshot().reason == EndReason::logout);
        CHECK_FALSE(is_active(areas.wider.shown()));
    }
    SECTION("where it shows nothing, and the session that comes along is the one that ended") {
        areas.wider.record = read::Absent{};
        guest.login("ada", "s1");
        CHECK(announced(guest.move(areas.wider, first_party())).notices.front() == Notice{notice::Logout{EndReason::logout, portal}});
    }
    SECTION("where it shows an older end, too") {
        areas.wider.record = ended_copy(lost, End{EndReason::expired, "", 1}, Stamp{lost.version.revision + 1, ""});
        guest.login("ada", "s1");
        guest.move(areas.wider, first_party());
        CHECK(guest.snapshot().status == Status::signed_out);
    }
    SECTION("and no session is born under it (R3)") {
        areas.wider.record = read::Absent{};
        guest.login("grace", "s2");
        guest.move(areas.wider, first_party());
        Tab later(areas.wider, "l");
        CHECK(only<effect::Welcome>(later.connect(portal)).at(0).snapshot.subject == "grace");
    }
}

TEST_CASE("a session that is left before its kept end was read does not come along unread", "[scope][R12]") {
    Areas areas;
    Tab before = guest_in(areas.part);
    before.login("ada");
    const Record lost = areas.part.shown();
    before.logout();

    State state = initial_state(acme());
    state = step(std::move(state), 1, event::Started{"q", partition()}).state;
    state = step(std::move(state), 1, event::RecordRead{lost}).state;
    REQUIRE(state.phase == Phase::reconciling);
    Step moved = step(std::move(state), 1, event::PlacementChanged{first_party()});
    CHECK(only<effect::UseStore>(moved.effects).empty());
    moved = step(std::move(moved.state), 1, event::RecordRead{lost});
    CHECK(only<effect::UseStore>(moved.effects).empty());
    moved = step(std::move(moved.state), 1, event::KeptEndRead{areas.part.kept_end});
    moved = step(std::move(moved.state), 1, event::RecordRead{lost});
    CHECK(only<effect::UseStore>(moved.effects).size() == 1);
    moved = step(std::move(moved.state), 1, event::RecordRead{read::Absent{}});
    CHECK(snapshot_of(moved.state).status == Status::signed_out);
}

TEST_CASE("a look that was asked for in the old store is not taken for one at the new", "[scope][R10]") {
    Areas areas;
    Tab guest = guest_in(areas.part);
    guest.login("ada");
    State state = step(guest.state(), guest.now, event::LogoutReceived{guest.port, 9, std::nullopt}).state;
    REQUIRE(state.reading);
    Step moved = step(std::move(state), guest.now, event::PlacementChanged{first_party()});
    CHECK(moved.effects.empty());
    moved = step(std::move(moved.state), guest.now, event::RecordRead{areas.part.record});
    CHECK(moved.effects == Effects{effect::UseStore{Medium::storage_access}, effect::ReadRecord{}});
    CHECK_FALSE(moved.state.stored);

    // … and the request that waited is decided in the new one.
    moved = step(std::move(moved.state), guest.now, event::RecordRead{read::Absent{}});
    moved = step(std::move(moved.state), guest.now, event::KeptEndRead{read::Absent{}});
    moved = step(std::move(moved.state), guest.now, event::RecordRead{read::Absent{}});
    const auto written = only<effect::WriteRecord>(moved.effects);
    REQUIRE(written.size() == 1);
    CHECK(written[0].record.ended->reason == EndReason::logout);
}

TEST_CASE("a store is not left while a write to it is under way", "[scope][R5]") {
    Areas areas;
    Tab guest = guest_in(areas.part);
    Step asked = step(guest.state(), guest.now, event::LoginReceived{guest.port, 9, "ada", std::nullopt, std::nullopt, ""});
    asked = step(std::move(asked.state), guest.now, event::RecordRead{read::Absent{}});
    if (!only<effect::ReadKeptEnd>(asked.effects).empty()) {
        asked = step(std::move(asked.state), guest.now, event::KeptEndRead{read::Absent{}});
        asked = step(std::move(asked.state), guest.now, event::RecordRead{read::Absent{}});
    }
    const auto writes = only<effect::WriteRecord>(asked.effects);
    REQUIRE(writes.size() == 1);
    asked = step(std::move(asked.state), guest.now, event::PlacementChanged{first_party()});
    asked = step(std::move(asked.state), guest.now, event::RecordRead{writes[0].record});
    CHECK(only<effect::UseStore>(asked.effects).empty());
    asked = step(std::move(asked.state), guest.now, event::RecordWritten{writes[0].ticket});
    CHECK(only<effect::Reply>(asked.effects).size() == 1);
    asked = step(std::move(asked.state), guest.now, event::RecordRead{writes[0].record});
    CHECK(only<effect::UseStore>(asked.effects).size() == 1);
}

TEST_CASE("a duty is dropped with the store it was claimed in, and its lock released", "[scope][R6]") {
    Areas areas;
    Tab guest(areas.part, "p", acme_with_checks(), partition());
    guest.connect(portal);
    guest.handle(event::DutiesReceived{guest.port, true, true});
    guest.login("ada", "s1", guest.now + 10 * minute);
    guest.now += 10 * minute - check_before;
    timer(guest);
    SECTION("while the app is at work") {
        const auto call = called(guest);
        const Effects said = guest.move(areas.wider, first_party());
        CHECK(only<effect::CancelDuty>(said) == std::vector{effect::CancelDuty{guest.port, call.call}});
        CHECK(only<effect::ReleaseLock>(said).size() == 1);
        CHECK(answers(guest, call.call, Outcome::inactive).empty());
        CHECK(guest.snapshot().status == Status::signed_in);
        CHECK(areas.wider.shown().duty.state == DutyState::none);
        CHECK(only<effect::AskLock>(said) == std::vector{effect::AskLock{false}});  // it is due there
    }
    SECTION("while the lock is asked for: what comes late is given back") {
        CHECK(only<effect::ReleaseLock>(guest.move(areas.wider, first_party())).empty());
        const Effects said = lock(guest, LockAnswer::granted);
        CHECK(only<effect::ReleaseLock>(said).size() == 1);
        CHECK(only<effect::AskLock>(said) == std::vector{effect::AskLock{false}});
    }
    SECTION("a lock that was busy there says nothing of the one here") {
        lock(guest, LockAnswer::busy);
        CHECK(only<effect::AskLock>(guest.move(areas.wider, first_party())) == std::vector{effect::AskLock{false}});
    }
}

TEST_CASE("who waits for a check is told of one in the new store", "[scope][R6]") {
    Areas areas;
    Tab guest(areas.part, "p", acme_with_checks(), partition());
    guest.connect(portal);
    guest.handle(event::DutiesReceived{guest.port, true, true});
    guest.login("ada", "s1");
    asks(guest, 9);
    const Effects said = guest.move(areas.wider, first_party());
    CHECK(only<effect::Reply>(said).empty());  // nobody has asked the provider
    lock(guest, LockAnswer::granted);          // of the part's
    const auto call = called(guest);
    CHECK(told_outcome(answers(guest, call.call, Outcome::active)) == Outcome::active);
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

TEST_CASE("the user is asked by a button, and the app is replied to after it knows", "[scope][R5]") {
    Areas areas;
    Tab guest = guest_in(areas.part);
    guest.login("ada");
    CHECK(asks_for_scope(guest) == Effects{effect::ShowButton{"Stay signed in", "color:teal"}});
    SECTION("of the yes") {
        const Effects said = guest.move(areas.wider, first_party(), true);
        REQUIRE(said.size() == 2);
        CHECK(std::get<effect::Announce>(said[0]).snapshot.scope == Scope::shared);
        CHECK(std::get<effect::Reply>(said[1]) == effect::Reply{guest.port, scope_id, std::nullopt});
    }
    SECTION("of the no, and may ask again") {
        const Effects said = guest.move(areas.part, partition(Asking::denied), true);
        REQUIRE(said.size() == 2);
        CHECK(std::get<effect::Announce>(said[0]).snapshot.upgrade == Upgrade::denied);
        CHECK(std::get<effect::Announce>(said[0]).snapshot.scope == Scope::partitioned);
        CHECK(std::get<effect::Reply>(said[1]) == effect::Reply{guest.port, scope_id, std::nullopt});
        CHECK(only<effect::ShowButton>(asks_for_scope(guest)).size() == 1);
    }
    SECTION("of an answer that changes nothing, too") {
        CHECK(guest.move(areas.part, partition(), true) == Effects{effect::Reply{guest.port, scope_id, std::nullopt}});
    }
    SECTION("but not of what the browser does by itself: the button still stands") {
        CHECK(only<effect::Reply>(guest.move(areas.part, partition(Asking::denied))).empty());
        CHECK(outcome(guest.move(areas.wider, first_party(), true)) == std::nullopt);
    }
    SECTION("once") {
        guest.move(areas.wider, first_party(), true);
        CHECK(guest.move(areas.wider, first_party(), true).empty());
    }
    SECTION("and where the wider store refuses the session, too") {
        areas.wider.full = true;
        CHECK(only<effect::Reply>(guest.move(areas.wider, first_party(), true)).size() == 1);
    }
}

TEST_CASE("who asks for more scope again is not left without a reply to the first", "[scope]") {
    Areas areas;
    Tab guest = guest_in(areas.part);
    CHECK(only<effect::Reply>(asks_for_scope(guest, 1)).empty());
    CHECK(asks_for_scope(guest, 2) ==
          Effects{effect::Reply{guest.port, 1, std::nullopt}, effect::ShowButton{"Stay signed in", "color:teal"}});
    CHECK(only<effect::Reply>(guest.move(areas.wider, first_party(), true)) == std::vector{effect::Reply{guest.port, 2, std::nullopt}});
}

TEST_CASE("a request for more scope dies with its port", "[scope][R11]") {
    Areas areas;
    Tab guest = guest_in(areas.part);
    static_cast<void>(asks_for_scope(guest));
    SECTION("when another takes its place") { guest.connect(portal); }
    SECTION("when it is closed") { guest.handle(event::GoodbyeReceived{guest.port}); }
    CHECK(only<effect::Reply>(guest.move(areas.wider, first_party(), true)).empty());
    CHECK(guest.snapshot().scope == Scope::shared);
}

TEST_CASE("where there is nothing to ask the user for, the app is replied to at once", "[scope]") {
    Areas areas;
    const auto placement = GENERATE(values<Placement>({own_area(), first_party(), with_cookie(), partition(Asking::useless)}));
    Tab tab(areas.part, "p", acme(), placement);
    tab.connect(reports);
    CHECK(asks_for_scope(tab) == Effects{effect::Reply{tab.port, scope_id, std::nullopt}});
}

TEST_CASE("an app that may only read may ask for more scope, one that floods may not", "[scope][R11]") {
    Areas areas;
    Tab guest(areas.part, "p", acme(), partition());
    guest.connect(reports);
    for (std::int64_t i = 0; i < limits::flood_burst; ++i) CHECK(only<effect::ShowButton>(asks_for_scope(guest)).size() == 1);
    CHECK(asks_for_scope(guest) == Effects{effect::Reply{guest.port, scope_id, Code::rate_limited}});
    CHECK(guest.handle(event::ScopeRequested{guest.port + 1, 1, "", ""}).empty());  // another port
}

TEST_CASE("a session that comes into a full store goes on in this tab, and heals", "[scope][R5]") {
    Areas areas;
    areas.wider.full = true;
    Tab guest = guest_in(areas.part);
    guest.login("ada");
    const auto told = announced(guest.move(areas.wider, first_party()));
    CHECK(told.notices == std::vector<Notice>{notice::ScopeChange{Scope::partitioned, Scope::alone}});
    CHECK(told.snapshot.subject == "ada");
    areas.wider.full = false;
    CHECK(announced(guest.handle(event::Woke{})).snapshot.scope == Scope::shared);
    CHECK(areas.wider.shown().subject == "ada");
}

TEST_CASE("a session that comes into a blocked store goes on in this tab", "[scope][R4]") {
    Areas areas;
    Tab guest = guest_in(areas.part);
    for (const auto* subject : {"edith", "edna", "ada"}) guest.login(subject, "s1");
    Tab home = home_in(areas.wider);
    home.login("grace", "s2");
    const Read known = areas.wider.record;
    areas.wider.record = read::Blocked{};
    const auto told = announced(guest.move(areas.wider, first_party()));
    CHECK(told.notices == std::vector<Notice>{notice::ScopeChange{Scope::partitioned, Scope::alone}});
    CHECK(told.snapshot.subject == "ada");

    SECTION("and what the store holds wins when it opens, though it counts from less") {
        areas.wider.record = known;
        CHECK(announced(guest.handle(event::Woke{})).notices ==
              std::vector<Notice>{notice::UserChange{"ada"}, notice::ScopeChange{Scope::alone, Scope::shared}});
        CHECK(areas.wider.shown().subject == "grace");
    }
    SECTION("and is not merged with what is heard of the store") {
        areas.wider.record = known;
        CHECK(announced(guest.handle(event::StoreChanged{known})).snapshot.subject == "grace");
        CHECK(areas.wider.shown().subject == "grace");
    }
    SECTION("and what ended in the store ends it when it opens (R1)") {
        areas.wider.record = known;
        home.login("ada", "s1");
        home.logout();
        CHECK(announced(guest.handle(event::Woke{})).snapshot.reason == EndReason::logout);
    }
    SECTION("and comes along when it opens") {
        areas.wider.record = read::Absent{};
        CHECK(announced(guest.handle(event::Woke{})).notices == std::vector<Notice>{notice::ScopeChange{Scope::alone, Scope::shared}});
        CHECK(areas.wider.shown().subject == "ada");
    }
    SECTION("and is still heard of when the store opens while its kept end is read") {
        guest.logout();
        areas.wider.kept_end = read::Absent{};
        State state = step(guest.state(), guest.now, event::LoginReceived{guest.port, 9, "edith", std::nullopt, std::nullopt, ""}).state;
        state.kept_end_known = false;  // as where an end had come along
        state = step(std::move(state), guest.now, event::RecordRead{read::Blocked{}}).state;
        REQUIRE(state.phase == Phase::reconciling);
        state = step(std::move(state), guest.now, event::Woke{}).state;
        state = step(std::move(state), guest.now, event::RecordRead{known}).state;
        state = step(std::move(state), guest.now, event::KeptEndRead{read::Absent{}}).state;
        const Step opened = step(std::move(state), guest.now, event::RecordRead{known});
        CHECK(opened.state.phase == Phase::running);
        CHECK(only<effect::WriteRecord>(opened.effects).at(0).record.subject == "edith");
    }
    SECTION("and stays ended when it ended meanwhile") {
        guest.logout();
        areas.wider.record = read::Absent{};
        guest.handle(event::Woke{});
        CHECK(guest.snapshot().reason == EndReason::logout);
    }
}

TEST_CASE("a session comes along when a newer hub's record can be read again", "[scope][format]") {
    Areas areas;
    areas.wider.record = read::Newer{};
    Tab guest = guest_in(areas.part);
    guest.login("ada");
    const auto told = announced(guest.move(areas.wider, first_party()));
    CHECK(told.snapshot.status == Status::unavailable);
    CHECK(areas.wider.writes == 0);
    areas.wider.record = read::Absent{};
    const auto later = announced(guest.handle(event::Woke{}));
    CHECK(later.notices == scope_alone);
    CHECK(areas.wider.shown().subject == "ada");
}
