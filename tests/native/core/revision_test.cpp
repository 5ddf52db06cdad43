// Revisions at their bound: PROTOCOL §4 has them from 1 to 2^50, and a record with more is unreadable for every hub. A
// revision near the bound cannot have come from counting; it was put there.
#include "tests/native/core/tab.hpp"

using namespace lockstep;
using namespace lockstep::test;

namespace {

Record put_there(std::uint64_t revision) {
    Record record;
    record.created = record.updated = LogicalTimestamp{revision, "z"};
    record.subject = "mallory";
    return record;
}

}  // namespace

TEST_CASE("a record with its revision at the bound is unreadable: it locks nobody out", "[store][R3][R4]") {
    Store store;
    store.record = put_there(limits::revision_max);
    Tab a(store, "a");
    Tab b(store, "b");
    a.connect(portal);
    b.connect(portal);
    CHECK(a.snapshot().status == Status::signed_out);
    CHECK(outcome(a.login("ada")) == std::nullopt);
    CHECK(store.shown().created.revision == 1);
    b.notify();
    CHECK(b.snapshot().subject == "ada");
    CHECK(outcome(b.logout()) == std::nullopt);
    CHECK(outcome(b.login("grace")) == std::nullopt);
}

TEST_CASE("a running session is not replaced by a record with its revision at the bound", "[store][R3][R4]") {
    Store store;
    Tab a(store, "a");
    a.connect(portal);
    a.login("ada");
    store.record = put_there(limits::revision_max);
    SECTION("that a notification shows") { a.handle(event::StoreChanged{store.record}); }
    SECTION("that a read shows") { a.notify(); }
    CHECK(a.snapshot().subject == "ada");
    CHECK(store.shown().subject == "ada");
}

TEST_CASE("the tombstone is believed no more than the record", "[store][R3][R12]") {
    Store store;
    Record end = put_there(limits::revision_max);
    end = ended_copy(end, End{EndReason::logout, "", 1}, end.updated);
    store.tombstone = end;
    Tab a(store, "a");
    a.connect(portal);
    CHECK(outcome(a.login("ada")) == std::nullopt);
    CHECK(highest_revision(store.shown()) <= limits::revision_max);
    CHECK(a.snapshot().subject == "ada");
}

TEST_CASE("nothing is written beyond the bound, and no login is acknowledged there", "[store][R3][R5]") {
    Store store;
    store.record = put_there(limits::revision_counted_max);  // the last that a hub believes
    Tab a(store, "a");
    a.connect(portal);
    REQUIRE(a.snapshot().subject == "mallory");
    store.record = put_there(limits::revision_max);  // this hub has counted up to there, so it goes on
    a.notify();
    const int writes = store.writes;
    CHECK(outcome(a.login("ada")) == Code::storage_failed);
    CHECK(store.writes == writes);
    // A logout needs no later revision: an end beats the active record of its session.
    CHECK(outcome(a.logout()) == std::nullopt);
    CHECK_FALSE(is_active(store.shown()));
    CHECK(highest_revision(store.shown()) == limits::revision_max);
    CHECK(outcome(a.login("ada")) == Code::storage_failed);

    Tab fresh(store, "b");  // once those hubs are gone
    fresh.connect(portal);
    CHECK(outcome(fresh.login("ada")) == std::nullopt);
    CHECK(store.shown().created.revision == 1);
}
