// The laws of merge, as properties over arbitrary records: the proof that hubs converge whatever the order, loss or
// repetition.
#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include "wasm/core/record.hpp"

using namespace lockstep;

namespace {

// Small ranges on purpose: laws break where `created` and `updated` are equal.
rc::Gen<LogicalTimestamp> timestamps() {
    return rc::gen::build<LogicalTimestamp>(
        rc::gen::set(&LogicalTimestamp::revision, rc::gen::inRange<std::uint64_t>(1, 4)),
        rc::gen::set(&LogicalTimestamp::writer, rc::gen::element<std::string>("", "a", "b")));
}

rc::Gen<End> ends() {
    return rc::gen::build<End>(
        rc::gen::set(&End::reason, rc::gen::element(EndReason::logout, EndReason::expired, EndReason::idle,
                                                    EndReason::revoked, EndReason::cleared)),
        rc::gen::set(&End::by, rc::gen::element<std::string>("", "https://portal.acme.com")),
        rc::gen::set(&End::at, rc::gen::inRange<EpochMs>(0, 3)));
}

template <class T>
rc::Gen<std::optional<T>> maybe(rc::Gen<T> gen) {
    return rc::gen::oneOf(rc::gen::just(std::optional<T>()),
                          rc::gen::map(gen, [](T value) { return std::optional<T>(std::move(value)); }));
}

rc::Gen<Duty> duties() {
    return rc::gen::build<Duty>(
        rc::gen::set(&Duty::epoch, timestamps()),
        rc::gen::set(&Duty::state, rc::gen::element(DutyState::none, DutyState::wanted, DutyState::claimed,
                                                    DutyState::unknown, DutyState::done)),
        rc::gen::set(&Duty::at, rc::gen::inRange<EpochMs>(0, 3)),
        rc::gen::set(&Duty::failures, rc::gen::inRange<std::int64_t>(0, 2)));
}

// As every hub writes it: an act is the last end, and an ended session names nobody.
Record valid(Record record) {
    if (is_ended_by_act(record)) {
        record.last_end = record.created.revision + record.last_end;
    } else {
        record.last_end = record.last_end % record.created.revision;
    }
    if (!is_active(record)) {
        record.subject.clear();
        record.claims.clear();
        record.check_at.reset();
    }
    return record;
}

rc::Gen<Record> records() {
    const auto any = rc::gen::build<Record>(
        rc::gen::set(&Record::created, timestamps()), rc::gen::set(&Record::ended, maybe(ends())),
        rc::gen::set(&Record::updated, timestamps()),
        rc::gen::set(&Record::last_end, rc::gen::inRange<std::uint64_t>(0, 4)),
        rc::gen::set(&Record::subject, rc::gen::element<std::string>("ada", "grace")),
        rc::gen::set(&Record::session_id, maybe(rc::gen::element<std::string>("s1", "s2"))),
        rc::gen::set(&Record::signed_in_at, rc::gen::inRange<EpochMs>(0, 3)),
        rc::gen::set(&Record::expires_at, maybe(rc::gen::inRange<EpochMs>(0, 3))),
        rc::gen::set(&Record::check_at, maybe(rc::gen::inRange<EpochMs>(0, 3))), rc::gen::set(&Record::duty, duties()),
        rc::gen::set(&Record::active_at, rc::gen::inRange<EpochMs>(0, 5)),
        rc::gen::set(&Record::claims, rc::gen::element<std::string>("", R"({"a":1})")),
        rc::gen::set(&Record::unknown, rc::gen::element<std::string>("", R"("x":1)")));
    return rc::gen::map(any, valid);
}

void holds(const std::string& law, const std::function<void()>& property) { REQUIRE(rc::check(law, property)); }

}  // namespace

TEST_CASE("merge is a join: commutative, associative, idempotent", "[merge][R1]") {
    holds("commutative", [] {
        const auto a = *records(), b = *records();
        RC_ASSERT(merge(a, b) == merge(b, a));
    });
    holds("associative", [] {
        const auto a = *records(), b = *records(), c = *records();
        RC_ASSERT(merge(merge(a, b), c) == merge(a, merge(b, c)));
    });
    holds("idempotent", [] {
        const auto a = *records(), b = *records();
        RC_ASSERT(merge(a, a) == a);
        RC_ASSERT(merge(merge(a, b), b) == merge(a, b));
    });
}

TEST_CASE("merge never lets an active record win over the end of the same session", "[merge][R1]") {
    holds("ended is absorbing", [] {
        auto a = *records(), b = *records();
        b.created = a.created;
        b = valid(b);
        RC_PRE(!is_active(a));
        RC_ASSERT(!is_active(merge(a, b)));
    });
}

TEST_CASE("merge lets the later created session win, ended or not", "[merge][R2]") {
    holds("later created wins", [] {
        const auto a = *records(), b = *records();
        RC_PRE(a.created < b.created && a.last_end < b.created.revision);
        RC_ASSERT(merge(a, b).created == b.created);
        RC_ASSERT(merge(a, b).ended == b.ended);
        RC_ASSERT(merge(a, b).subject == b.subject);
    });
}

TEST_CASE("merge ends what was created by a login that had not seen the last end", "[merge][R1]") {
    holds("the last end is a floor", [] {
        const auto a = *records(), b = *records();
        const auto joined = merge(a, b);
        RC_ASSERT(joined.last_end == std::max(a.last_end, b.last_end));
        RC_ASSERT(is_ended_by_act(joined) == (joined.created.revision <= joined.last_end));
    });
}

TEST_CASE("merge keeps the last activity of any tab", "[merge][R9]") {
    holds("maximum", [] {
        auto a = *records(), b = *records();
        b.created = a.created;
        b = valid(b);
        RC_ASSERT(merge(a, b).active_at == std::max(a.active_at, b.active_at));
    });
}
