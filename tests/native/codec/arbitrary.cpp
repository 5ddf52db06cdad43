// Texts are made of characters that need escapes and of several planes of Unicode; some have the length of the bound.
#include "tests/native/codec/arbitrary.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "wasm/core/limits.hpp"

namespace lockstep::arbitrary {
namespace {

using nlohmann::json;

std::string joined(const std::vector<std::string>& pieces) {
    std::string text;
    for (const std::string& piece : pieces) text += piece;
    return text;
}

// UTF-8 of 1 to `bytes_max` bytes.
rc::Gen<std::string> text(std::size_t bytes_max) {
    const auto character = rc::gen::element<std::string>("a", "Z", "0", "\"", "\\", "\n", std::string(1, '\0'), "\x1f",
                                                         "\x7f", "/", "\u00e9", "\u2028", "\uffff", "\U0001F511");
    const auto fitted = rc::gen::map(rc::gen::container<std::vector<std::string>>(character),
                                     [=](const std::vector<std::string>& characters) {
                                         std::string fits = "x";
                                         for (const std::string& next : characters) {
                                             if (fits.size() + next.size() <= bytes_max) fits += next;
                                         }
                                         return fits;
                                     });
    return rc::gen::weightedOneOf<std::string>({{9, fitted}, {1, rc::gen::just(std::string(bytes_max, '\x01'))}});
}

rc::Gen<EpochMs> time() {
    return rc::gen::weightedOneOf<EpochMs>({{8, rc::gen::inRange<EpochMs>(0, limits::epoch_ms_max)},
                                            {1, rc::gen::just<EpochMs>(0)},
                                            {1, rc::gen::just(EpochMs{limits::epoch_ms_max})}});
}

LogicalTimestamp timestamp() {
    const auto revision =
        *rc::gen::weightedOneOf<std::uint64_t>({{8, rc::gen::inRange<std::uint64_t>(1, 6)},
                                                {1, rc::gen::inRange<std::uint64_t>(1, limits::revision_max)},
                                                {1, rc::gen::just(std::uint64_t{limits::revision_max})}});
    auto writer = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("0129abyz")));
    writer.resize(std::min(writer.size(), limits::writer_bytes_max));
    return {revision, writer};
}

json scalar() {
    switch (*rc::gen::inRange(0, 5)) {
        case 0: return nullptr;
        case 1: return *rc::gen::arbitrary<bool>();
        case 2: return *rc::gen::arbitrary<std::int64_t>();
        case 3: return *rc::gen::inRange(-9, 9) * 0.125;
        default: return *text(24);
    }
}

json value(int depth) {
    const int kind = depth == 0 ? 0 : *rc::gen::inRange(0, 3);
    if (kind == 0) return scalar();
    json container = kind == 1 ? json::array() : json::object();
    for (int left = *rc::gen::inRange(0, 3); left > 0; --left) {
        if (kind == 1) {
            container.push_back(value(depth - 1));
        } else {
            container[*text(8)] = value(depth - 1);
        }
    }
    return container;
}

// Canonical members, sorted by name as nlohmann's objects are; the prefix keeps them from known names.
std::string members(const std::string& prefix, std::size_t bytes_max) {
    json object = json::object();
    for (int left = *rc::gen::inRange(0, 4); left > 0; --left) object[prefix + *text(8)] = value(4);
    while (object.dump().size() > bytes_max) object.erase(object.begin());
    return object.dump();
}

Duty maybe_duty() {
    if (*rc::gen::arbitrary<bool>()) return {};
    return Duty{timestamp(),
                *rc::gen::element(DutyState::wanted, DutyState::claimed, DutyState::unknown, DutyState::done), *time(),
                *rc::gen::element<std::int64_t>(0, 1, limits::failures_max)};
}

Record common() {
    Record record;
    record.created = timestamp();
    record.updated = std::max(record.created, timestamp());
    if (*rc::gen::arbitrary<bool>()) record.session_id = *text(limits::session_id_bytes_max);
    record.last_end = *rc::gen::element<std::uint64_t>(0, record.created.revision - 1);
    record.signed_in_at = *time();
    if (*rc::gen::arbitrary<bool>()) record.expires_at = *time();
    record.active_at = *time();
    record.duty = maybe_duty();
    const std::string unknown = members("~", limits::unknown_bytes_max);
    record.unknown = unknown.substr(1, unknown.size() - 2);
    return record;
}

Record active() {
    Record record = common();
    record.subject = *text(limits::subject_bytes_max);
    if (*rc::gen::arbitrary<bool>()) record.check_at = *time();
    if (*rc::gen::arbitrary<bool>()) record.claims = members("", limits::claims_bytes_max);
    return record;
}

Record ended() {
    Record record = common();
    record.ended = End{*rc::gen::element(EndReason::logout, EndReason::expired, EndReason::idle, EndReason::revoked,
                                         EndReason::cleared),
                       *rc::gen::element<std::string>("", "https://portal.acme.com"), *time()};
    if (is_act(record.ended->reason)) record.last_end = record.created.revision;
    return record;
}

}  // namespace

rc::Gen<Record> active_record() { return rc::gen::exec(active); }
rc::Gen<Record> record() {
    return rc::gen::exec([] { return *rc::gen::arbitrary<bool>() ? active() : ended(); });
}

rc::Gen<std::string> nearly_json() {
    const auto piece = rc::gen::elementOf(std::vector<std::string>{"{",
                                                                   "}",
                                                                   "[",
                                                                   "]",
                                                                   ":",
                                                                   ",",
                                                                   "\"",
                                                                   "\\",
                                                                   "\\u",
                                                                   "d800",
                                                                   "\"type\":",
                                                                   "\"login\"",
                                                                   "\"logout\"",
                                                                   "\"touch\"",
                                                                   "\"id\":",
                                                                   "\"u\"",
                                                                   "\"claims\":",
                                                                   "\"subject\":",
                                                                   "\"format\":",
                                                                   "\"created\":",
                                                                   "\"hub\":",
                                                                   "\"apps\":",
                                                                   "null",
                                                                   "true",
                                                                   "-",
                                                                   "0",
                                                                   "1",
                                                                   "2",
                                                                   ".5",
                                                                   "e9",
                                                                   "1e999",
                                                                   " ",
                                                                   std::string(1, '\0'),
                                                                   "\xff",
                                                                   "\xc3",
                                                                   "\xf0\x9f",
                                                                   "\xef\xbb\xbf",
                                                                   "eyJ.a.b",
                                                                   "__proto__"});
    return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece), joined);
}

}  // namespace lockstep::arbitrary
