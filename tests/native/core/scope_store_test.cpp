// The store that is left and the one that is taken: what is looked at first, what is waited for, and stores that
// refuse. Each name is the promise it proves.
#include "tests/native/core/backends.hpp"
#include "tests/native/core/duty_browser.hpp"

using namespace lockstep;
using namespace lockstep::test;

TEST_CASE("the end that the wider store's browser kept is read before anything there is believed", "[scope][R12]") {
    Backends backends;
    Tab home = home_in(backends.wider);
    home.login("ada", "s1");
    const Record lost = backends.wider.shown();
    for (const auto* subject : {"grace", "edith"}) home.login(subject);
    home.login("ada", "s1");
    const Record last = backends.wider.shown();
    home.logout();
    Tab guest = guest_in(backends.part);
    SECTION("where it shows the session still") {
        backends.wider.record = last;
        guest.move(backends.wider, first_party());
        CHECK(guest.snapshot().reason == EndReason::logout);
        CHECK_FALSE(is_active(backends.wider.shown()));
    }
    SECTION("where it shows nothing, and the session that comes along is the one that ended") {
        backends.wider.record = read::Absent{};
        guest.login("ada", "s1");
        CHECK(announced(guest.move(backends.wider, first_party())).session_events.front() ==
              SessionEvent{session_event::Logout{EndReason::logout, portal}});
    }
    SECTION("where it shows an older end, too") {
        backends.wider.record =
            ended_copy(lost, End{EndReason::expired, "", 1}, LogicalTimestamp{lost.updated.revision + 1, ""});
        guest.login("ada", "s1");
        guest.move(backends.wider, first_party());
        CHECK(guest.snapshot().status == Status::signed_out);
    }
    SECTION("and no session is created under it (R3)") {
        backends.wider.record = read::Absent{};
        guest.login("grace", "s2");
        guest.move(backends.wider, first_party());
        Tab later(backends.wider, "l");
        CHECK(only<effect::Welcome>(later.connect(portal)).at(0).snapshot.subject == "grace");
    }
}

TEST_CASE("a session that is left before its tombstone was read does not come along unread", "[scope][R12]") {
    Backends backends;
    Tab before = guest_in(backends.part);
    before.login("ada");
    const Record lost = backends.part.shown();
    before.logout();

    State state = initial_state(acme());
    state = step(std::move(state), 1, event::Started{"q", partition()}).state;
    state = step(std::move(state), 1, event::RecordRead{lost}).state;
    REQUIRE(state.phase == Phase::reconciling);
    Step moved = step(std::move(state), 1, event::StorageCapabilitiesChanged{first_party()});
    CHECK(only<effect::UseStore>(moved.effects).empty());
    moved = step(std::move(moved.state), 1, event::RecordRead{lost});
    CHECK(only<effect::UseStore>(moved.effects).empty());
    moved = step(std::move(moved.state), 1, event::TombstoneRead{backends.part.tombstone});
    moved = step(std::move(moved.state), 1, event::RecordRead{lost});
    CHECK(only<effect::UseStore>(moved.effects).size() == 1);
    moved = step(std::move(moved.state), 1, event::RecordRead{read::Absent{}});
    CHECK(snapshot_of(moved.state).status == Status::signed_out);
}

TEST_CASE("a look that was asked for in the old store is not taken for one at the new", "[scope][R10]") {
    Backends backends;
    Tab guest = guest_in(backends.part);
    guest.login("ada");
    State state = step(guest.state(), guest.now, event::LogoutReceived{guest.port, 9, std::nullopt}).state;
    REQUIRE(state.reading);
    Step moved = step(std::move(state), guest.now, event::StorageCapabilitiesChanged{first_party()});
    CHECK(moved.effects.empty());
    moved = step(std::move(moved.state), guest.now, event::RecordRead{backends.part.record});
    CHECK(moved.effects == Effects{effect::UseStore{Medium::storage_access}, effect::ReadRecord{}});
    CHECK_FALSE(moved.state.stored);

    // … and the request that waited is decided in the new one.
    moved = step(std::move(moved.state), guest.now, event::RecordRead{read::Absent{}});
    moved = step(std::move(moved.state), guest.now, event::TombstoneRead{read::Absent{}});
    moved = step(std::move(moved.state), guest.now, event::RecordRead{read::Absent{}});
    const auto written = only<effect::WriteRecord>(moved.effects);
    REQUIRE(written.size() == 1);
    CHECK(written[0].record.ended->reason == EndReason::logout);
}

TEST_CASE("a store is not left while a write to it is under way", "[scope][R5]") {
    Backends backends;
    Tab guest = guest_in(backends.part);
    Step asked =
        step(guest.state(), guest.now, event::LoginReceived{guest.port, 9, "ada", std::nullopt, std::nullopt, ""});
    asked = step(std::move(asked.state), guest.now, event::RecordRead{read::Absent{}});
    if (!only<effect::ReadTombstone>(asked.effects).empty()) {
        asked = step(std::move(asked.state), guest.now, event::TombstoneRead{read::Absent{}});
        asked = step(std::move(asked.state), guest.now, event::RecordRead{read::Absent{}});
    }
    const auto writes = only<effect::WriteRecord>(asked.effects);
    REQUIRE(writes.size() == 1);
    asked = step(std::move(asked.state), guest.now, event::StorageCapabilitiesChanged{first_party()});
    asked = step(std::move(asked.state), guest.now, event::RecordRead{writes[0].record});
    CHECK(only<effect::UseStore>(asked.effects).empty());
    asked = step(std::move(asked.state), guest.now, event::RecordWritten{writes[0].write_id});
    CHECK(only<effect::Reply>(asked.effects).size() == 1);
    asked = step(std::move(asked.state), guest.now, event::RecordRead{writes[0].record});
    CHECK(only<effect::UseStore>(asked.effects).size() == 1);
}

TEST_CASE("a duty is dropped with the store it was claimed in, and its lock released", "[scope][R6]") {
    Backends backends;
    Tab guest(backends.part, "p", acme_with_checks(), partition());
    guest.connect(portal);
    guest.handle(event::DutiesReceived{guest.port, true, true});
    guest.login("ada", "s1", guest.now + 10 * minute);
    guest.now += 10 * minute - check_before;
    timer(guest);
    SECTION("while the app is at work") {
        const auto call = called(guest);
        const Effects said = guest.move(backends.wider, first_party());
        CHECK(only<effect::CancelDuty>(said) == std::vector{effect::CancelDuty{guest.port, call.call}});
        CHECK(only<effect::ReleaseLock>(said).size() == 1);
        CHECK(answers(guest, call.call, Outcome::inactive).empty());
        CHECK(guest.snapshot().status == Status::signed_in);
        CHECK(backends.wider.shown().duty.state == DutyState::none);
        CHECK(only<effect::AskLock>(said) == std::vector{effect::AskLock{false}});  // it is due there
    }
    SECTION("while the lock is asked for: what comes late is given back") {
        CHECK(only<effect::ReleaseLock>(guest.move(backends.wider, first_party())).empty());
        const Effects said = lock(guest, LockAnswer::granted);
        CHECK(only<effect::ReleaseLock>(said).size() == 1);
        CHECK(only<effect::AskLock>(said) == std::vector{effect::AskLock{false}});
    }
    SECTION("a lock that was busy there says nothing of the one here") {
        lock(guest, LockAnswer::busy);
        CHECK(only<effect::AskLock>(guest.move(backends.wider, first_party())) == std::vector{effect::AskLock{false}});
    }
}

TEST_CASE("who waits for a check is told of one in the new store", "[scope][R6]") {
    Backends backends;
    Tab guest(backends.part, "p", acme_with_checks(), partition());
    guest.connect(portal);
    guest.handle(event::DutiesReceived{guest.port, true, true});
    guest.login("ada", "s1");
    asks(guest, 9);
    const Effects said = guest.move(backends.wider, first_party());
    CHECK(only<effect::Reply>(said).empty());  // nobody has asked the provider
    lock(guest, LockAnswer::granted);          // of the part's
    const auto call = called(guest);
    CHECK(told_outcome(answers(guest, call.call, Outcome::active)) == Outcome::active);
}

TEST_CASE("a session that comes into a full store goes on in this tab, and heals", "[scope][R5]") {
    Backends backends;
    backends.wider.full = true;
    Tab guest = guest_in(backends.part);
    guest.login("ada");
    const auto told = announced(guest.move(backends.wider, first_party()));
    CHECK(told.session_events ==
          std::vector<SessionEvent>{session_event::ScopeChange{Scope::partitioned, Scope::alone}});
    CHECK(told.snapshot.subject == "ada");
    backends.wider.full = false;
    CHECK(announced(guest.handle(event::Woke{})).snapshot.scope == Scope::shared);
    CHECK(backends.wider.shown().subject == "ada");
}

TEST_CASE("a session that comes into a blocked store goes on in this tab", "[scope][R4]") {
    Backends backends;
    Tab guest = guest_in(backends.part);
    for (const auto* subject : {"edith", "edna", "ada"}) guest.login(subject, "s1");
    Tab home = home_in(backends.wider);
    home.login("grace", "s2");
    const Read known = backends.wider.record;
    backends.wider.record = read::Blocked{};
    const auto told = announced(guest.move(backends.wider, first_party()));
    CHECK(told.session_events ==
          std::vector<SessionEvent>{session_event::ScopeChange{Scope::partitioned, Scope::alone}});
    CHECK(told.snapshot.subject == "ada");

    SECTION("and what the store holds wins when it opens, though it counts from less") {
        backends.wider.record = known;
        CHECK(announced(guest.handle(event::Woke{})).session_events ==
              std::vector<SessionEvent>{session_event::UserChange{"ada"},
                                        session_event::ScopeChange{Scope::alone, Scope::shared}});
        CHECK(backends.wider.shown().subject == "grace");
    }
    SECTION("and is not merged with what is heard of the store") {
        backends.wider.record = known;
        CHECK(announced(guest.handle(event::StoreChanged{known})).snapshot.subject == "grace");
        CHECK(backends.wider.shown().subject == "grace");
    }
    SECTION("and what ended in the store ends it when it opens (R1)") {
        backends.wider.record = known;
        home.login("ada", "s1");
        home.logout();
        CHECK(announced(guest.handle(event::Woke{})).snapshot.reason == EndReason::logout);
    }
    SECTION("and comes along when it opens") {
        backends.wider.record = read::Absent{};
        CHECK(announced(guest.handle(event::Woke{})).session_events ==
              std::vector<SessionEvent>{session_event::ScopeChange{Scope::alone, Scope::shared}});
        CHECK(backends.wider.shown().subject == "ada");
    }
    SECTION("and is still heard of when the store opens while its tombstone is read") {
        guest.logout();
        backends.wider.tombstone = read::Absent{};
        State state =
            step(guest.state(), guest.now, event::LoginReceived{guest.port, 9, "edith", std::nullopt, std::nullopt, ""})
                .state;
        state.tombstone_known = false;  // as where an end had come along
        state = step(std::move(state), guest.now, event::RecordRead{read::Blocked{}}).state;
        REQUIRE(state.phase == Phase::reconciling);
        state = step(std::move(state), guest.now, event::Woke{}).state;
        state = step(std::move(state), guest.now, event::RecordRead{known}).state;
        state = step(std::move(state), guest.now, event::TombstoneRead{read::Absent{}}).state;
        const Step opened = step(std::move(state), guest.now, event::RecordRead{known});
        CHECK(opened.state.phase == Phase::running);
        CHECK(only<effect::WriteRecord>(opened.effects).at(0).record.subject == "edith");
    }
    SECTION("and what the store shows while its tombstone is read counts, though it is blocked again (R1)") {
        guest.logout();
        backends.wider.record = known;
        home.login("ada", "s3");
        home.logout();
        const event::LoginReceived late{guest.port, 9, "ada", "s3", std::nullopt, ""};
        State state = step(guest.state(), guest.now, late).state;
        state.tombstone_known = false;
        state = step(std::move(state), guest.now, event::RecordRead{read::Blocked{}}).state;
        REQUIRE(state.phase == Phase::reconciling);
        state = step(std::move(state), guest.now, event::Woke{}).state;
        state = step(std::move(state), guest.now, event::RecordRead{backends.wider.record}).state;
        state = step(std::move(state), guest.now, event::TombstoneRead{read::Absent{}}).state;
        const Step blocked = step(std::move(state), guest.now, event::RecordRead{read::Blocked{}});
        REQUIRE(blocked.state.phase == Phase::running);
        CHECK(only<effect::Reply>(blocked.effects).at(0).refused == Code::session_ended);
    }
    SECTION("and a logout of the session that an event showed ends it when the store opens (R1)") {
        guest.handle(event::StoreChanged{known});
        REQUIRE(guest.snapshot().subject == "grace");
        guest.logout();
        backends.wider.record = known;
        guest.handle(event::Woke{});
        CHECK(guest.snapshot().reason == EndReason::logout);
        CHECK_FALSE(is_active(backends.wider.shown()));
    }
    SECTION("and stays ended when it ended meanwhile") {
        guest.logout();
        backends.wider.record = read::Absent{};
        guest.handle(event::Woke{});
        CHECK(guest.snapshot().reason == EndReason::logout);
    }
}

TEST_CASE("a session comes along when a newer hub's record can be read again", "[scope][format]") {
    Backends backends;
    backends.wider.record = read::Newer{};
    Tab guest = guest_in(backends.part);
    guest.login("ada");
    const auto told = announced(guest.move(backends.wider, first_party()));
    CHECK(told.snapshot.status == Status::unavailable);
    CHECK(backends.wider.writes == 0);
    backends.wider.record = read::Absent{};
    const auto later = announced(guest.handle(event::Woke{}));
    CHECK(later.session_events == scope_alone);
    CHECK(backends.wider.shown().subject == "ada");
}

TEST_CASE("a logout counts in the store that was read before it was blocked again", "[scope][R1]") {
    Backends backends;
    Tab guest = guest_in(backends.part);
    guest.login("ada", "s1");
    Tab home = home_in(backends.wider);
    home.login("grace", "s2");
    const Read known = backends.wider.record;
    // The migration reads the target and then its tombstone. The target is blocked by the time that the answer comes.
    State state = step(guest.state(), guest.now, event::StorageCapabilitiesChanged{first_party(), true}).state;
    state = step(std::move(state), guest.now, event::RecordRead{backends.part.record}).state;
    state = step(std::move(state), guest.now, event::RecordRead{known}).state;
    REQUIRE(state.phase == Phase::reconciling);
    state = step(std::move(state), guest.now, event::TombstoneRead{read::Absent{}}).state;
    state = step(std::move(state), guest.now, event::RecordRead{read::Blocked{}}).state;
    state = step(std::move(state), guest.now, event::LogoutReceived{guest.port, 9, std::nullopt}).state;
    state = step(std::move(state), guest.now, event::RecordRead{read::Blocked{}}).state;
    state = step(std::move(state), guest.now, event::Woke{}).state;
    const Step opened = step(std::move(state), guest.now, event::RecordRead{known});
    CHECK_FALSE(is_active(only<effect::WriteRecord>(opened.effects).at(0).record));
}
