// The stored record, compared with the vectors, which are never removed; and its laws: what is written is read back the
// same, a record has one text, and no text is read in part.
#include "wasm/codec/record.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/native/codec/arbitrary.hpp"
#include "tests/native/codec/vectors.hpp"
#include "wasm/codec/cookie_text.hpp"
#include "wasm/codec/json.hpp"
#include "wasm/codec/names.hpp"
#include "wasm/codec/record_size.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep {
namespace {

using vectors::json;

// As in names.hpp, the first value without a name ends the enumeration.
template <class Enum>
std::vector<std::string_view> every_name() {
    std::vector<std::string_view> names;
    for (int value = 0; !codec::name_of(static_cast<Enum>(value)).empty(); ++value)
        names.push_back(codec::name_of(static_cast<Enum>(value)));
    return names;
}

template <class Enum>
Enum longest_named() {
    const std::vector<std::string_view> names = every_name<Enum>();
    const auto shorter = [](std::string_view one, std::string_view other) { return one.size() < other.size(); };
    return codec::named<Enum>(*std::max_element(names.begin(), names.end(), shorter)).value();
}

json shown(const LogicalTimestamp& timestamp) { return json::array({timestamp.revision, timestamp.writer}); }

json shown(const Record& record) {
    json out = {{"created", shown(record.created)},
                {"updated", shown(record.updated)},
                {"subject", record.subject},
                {"activeAt", record.active_at},
                {"signedInAt", record.signed_in_at}};
    if (record.ended) {
        out["ended"] = {{"reason", codec::name_of(record.ended->reason)}, {"at", record.ended->at}};
        if (!record.ended->by.empty()) out["ended"]["by"] = record.ended->by;
    }
    if (record.last_end > 0) out["lastEnd"] = record.last_end;
    if (record.session_id) out["sessionId"] = *record.session_id;
    if (record.expires_at) out["expiresAt"] = *record.expires_at;
    if (record.check_at) out["checkAt"] = *record.check_at;
    if (const Duty& duty = record.duty; duty.state != DutyState::none) {
        out["duty"] = {{"epoch", {duty.epoch.revision, duty.epoch.writer}},
                       {"state", codec::name_of(duty.state)},
                       {"at", duty.at}};
        if (duty.failures > 0) out["duty"]["failures"] = duty.failures;
    }
    if (!record.claims.empty()) out["claims"] = record.claims;
    if (!record.unknown.empty()) out["unknown"] = record.unknown;
    return out;
}

// The record as another hub reads it; nothing if it cannot be read.
std::optional<Record> reread(const Record& record) {
    const Read read = codec::decode_record(codec::encode_record(record));
    const auto* found = std::get_if<Record>(&read);
    return found == nullptr ? std::nullopt : std::optional(*found);
}

void check_reads(const json& vector) {
    INFO(vector.at("name"));
    const std::string text = vectors::text_of(vector);
    const Read read = codec::decode_record(text);
    const auto* record = std::get_if<Record>(&read);
    REQUIRE(record != nullptr);
    CHECK(shown(*record) == vector.at("record"));
    CHECK(codec::encode_record(*record) == vector.value("canonical", text));
    CHECK(reread(*record) == *record);
}

TEST_CASE("each member of a valid record is read, and it is written in one way", "[codec][record]") {
    for (const json& vector : vectors::cases("record/valid.json")) check_reads(vector);
}

TEST_CASE("members of a newer hub are kept, verbatim and sorted by name", "[codec][record]") {
    for (const json& vector : vectors::cases("record/unknown-members.json")) check_reads(vector);
}

TEST_CASE("a record of a newer format is never mistaken for garbage", "[codec][record]") {
    for (const json& vector : vectors::cases("record/newer.json")) {
        INFO(vector.at("name"));
        CHECK(std::holds_alternative<read::Newer>(codec::decode_record(vectors::text_of(vector))));
    }
}

TEST_CASE("what is not wholly a record is unreadable, and so ends nothing", "[codec][record][R4]") {
    for (const json& vector : vectors::cases("record/unreadable.json")) {
        INFO(vector.at("name"));
        CHECK(std::holds_alternative<read::Unreadable>(codec::decode_record(vectors::text_of(vector))));
    }
}

TEST_CASE("a record cut at any byte is unreadable", "[codec][record][R4]") {
    for (const json& vector : vectors::cases("record/valid.json")) {
        INFO(vector.at("name"));
        const std::string whole = vector.value("canonical", vectors::text_of(vector));
        for (std::size_t size = 0; size < whole.size(); ++size) {
            REQUIRE(std::holds_alternative<read::Unreadable>(
                codec::decode_record(std::string_view(whole).substr(0, size))));
        }
    }
}

// Every number and text at its bound; each character of a text is one that JSON writes with six bytes.
Record longest_common() {
    const LogicalTimestamp latest{limits::revision_max, std::string(limits::writer_bytes_max, 'z')};
    Record record;
    record.created = record.updated = latest;
    record.last_end = limits::revision_max - 1;
    record.session_id = std::string(limits::session_id_bytes_max, '\x01');
    record.signed_in_at = record.active_at = limits::epoch_ms_max;
    record.expires_at = limits::epoch_ms_max;
    record.duty = {latest, longest_named<DutyState>(), limits::epoch_ms_max, limits::failures_max};
    record.unknown = R"("~":")" + std::string(limits::unknown_bytes_max - 6, 'x') + '"';
    return record;
}

Record longest_active() {
    Record record = longest_common();
    record.subject = std::string(limits::subject_bytes_max, '\x01');
    record.check_at = limits::epoch_ms_max;
    record.claims = R"({"a":")" + std::string(limits::claims_bytes_max - 8, 'x') + "\"}";
    return record;
}

Record longest_ended(char by) {
    Record record = longest_common();
    record.ended = End{longest_named<EndReason>(), std::string(limits::origin_bytes_max, by), limits::epoch_ms_max};
    return record;
}

TEST_CASE("the longest record has the length that is asserted to fit, and is read back", "[codec][record]") {
    CHECK(codec::encode_record(longest_active()).size() == codec::active_record_bytes_max);
    CHECK(codec::encode_record(longest_ended('\x01')).size() == codec::ended_record_bytes_max);
    for (const Record& record : {longest_active(), longest_ended('\x01')}) CHECK(reread(record) == record);
}

TEST_CASE("K6.3: a cookie has room for what an app may log in with, in any alphabet, and for every end",
          "[codec][record][cookie]") {
    Record plain = longest_active();
    plain.subject.clear();
    while (plain.subject.size() < limits::subject_bytes_max) plain.subject += "ж";
    plain.session_id->assign(limits::session_id_bytes_max, 'i');
    Record ended = longest_ended('o');  // an origin is plain ASCII: codec/origin.cpp
    ended.session_id = plain.session_id;
    plain.unknown.clear();
    ended.unknown.clear();
    std::size_t longest = 0;
    for (const std::string_view name : every_name<DutyState>()) {
        INFO(name);
        plain.duty.state = ended.duty.state = codec::named<DutyState>(name).value();
        const std::size_t active_bytes = codec::encode_cookie(codec::encode_record(plain)).size();
        longest = std::max(longest, active_bytes);
        CHECK(active_bytes <= codec::cookie_value_bytes_max);
        CHECK(codec::encode_cookie(codec::encode_record(ended)).size() <= codec::ended_cookie_bytes_max);
    }
    CHECK(longest == codec::active_cookie_bytes_max);
}

TEST_CASE("any record within its bounds survives being written and read", "[codec][record][property]") {
    CHECK(rc::check("decode(encode(record)) == record", [] {
        const Record record = *arbitrary::record();
        RC_ASSERT(codec::utf16_units(codec::encode_record(record)) <= limits::record_units_max);
        RC_ASSERT(reread(record) == record);
    }));
}

TEST_CASE("equal records have equal texts and different ones different texts", "[codec][record][property]") {
    CHECK(rc::check("encode is canonical", [] {
        const Record a = *arbitrary::record();
        const Record b = *rc::gen::element(a, *arbitrary::record(), merge(a, *arbitrary::record()));
        RC_ASSERT((a == b) == (codec::encode_record(a) == codec::encode_record(b)));
    }));
}

TEST_CASE("what ends a session leaves a record that can be read", "[codec][record][property][R13]") {
    CHECK(rc::check("an ended copy is valid and names nobody", [] {
        const Record active = *arbitrary::active_record();
        RC_PRE(active.updated.revision < limits::revision_max);
        const Record ended = ended_copy(active, {EndReason::idle, {}, 5}, {active.updated.revision + 1, {}});
        RC_ASSERT(reread(ended) == ended);
        RC_ASSERT(ended.subject.empty());
        RC_ASSERT(ended.claims.empty());
    }));
}

}  // namespace
}  // namespace lockstep
