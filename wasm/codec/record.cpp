// Members are written in the order of PROTOCOL §4.
#include "wasm/codec/record.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "wasm/codec/claims.hpp"
#include "wasm/codec/json_writer.hpp"
#include "wasm/codec/logical_timestamp.hpp"
#include "wasm/codec/names.hpp"
#include "wasm/codec/record_size.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::codec {
namespace {

constexpr std::int64_t format_current = 1;

// One step for each older format. A new format adds its step here and its vectors to tests/vectors/record.
constexpr std::span<const Migration> migrations{};
static_assert(migrations.size() + 1 == format_current, "each older format has a step to the next");

constexpr std::string_view known_members[] = {"format",   "created",   "ended",      "updated",   "lastEnd",
                                              "subject",  "sessionId", "signedInAt", "expiresAt", "checkAt",
                                              "activeAt", "claims",    "duty"};

[[nodiscard]] bool is_known(std::string_view name) {
    return std::find(std::begin(known_members), std::end(known_members), name) != std::end(known_members);
}

// The members that a newer hub of this format added, canonical and sorted by name.
[[nodiscard]] std::string unknown_members(const Object& object) {
    std::string text;
    for (const Member* last = nullptr;;) {
        const Member* next = nullptr;
        for (const Member& member : object) {
            if ((last != nullptr && member.name <= last->name) || is_known(member.name)) continue;
            if (next == nullptr || member.name < next->name) next = &member;
        }
        if (next == nullptr) return text;
        if (!text.empty()) text += ',';
        write_member(text, *next);
        last = next;
    }
}

[[nodiscard]] std::optional<End> decode_end(const Object& object) {
    Members members(object);
    const auto* reason_name = get<std::string>(members.take("reason"));
    const Value* by_member = members.take("by");
    const auto at = decode_time(members.take("at"));
    const auto reason = reason_name == nullptr ? std::nullopt : named<EndReason>(*reason_name);
    if (!members.all_taken() || !reason || !at || !is_absent_or<std::string>(by_member)) return std::nullopt;

    End end{*reason, {}, *at};
    if (const auto* by = get<std::string>(by_member)) {
        if (by->empty() || by->size() > limits::origin_bytes_max) return std::nullopt;
        end.by = *by;
    }
    return end;
}

[[nodiscard]] bool read_duty(Members& record_members, Duty& duty) {
    const Value* member = record_members.take("duty");
    if (member == nullptr) return true;
    const auto* object = get<Object>(member);
    if (object == nullptr) return false;
    Members members(*object);
    const auto epoch = decode_timestamp(members.take("epoch"));
    const auto* state_name = get<std::string>(members.take("state"));
    const auto at = decode_time(members.take("at"));
    const Value* failures_member = members.take("failures");
    const DutyState state =
        state_name == nullptr ? DutyState::none : named<DutyState>(*state_name).value_or(DutyState::none);
    if (!members.all_taken() || !epoch || !at || !is_absent_or<std::int64_t>(failures_member)) return false;
    if (state == DutyState::none) return false;
    duty.epoch = *epoch;
    duty.state = state;
    duty.at = *at;
    if (const auto* failures = get<std::int64_t>(failures_member)) duty.failures = *failures;
    return failures_member == nullptr || (duty.failures >= 1 && duty.failures <= limits::failures_max);
}

// The members that identify the session and say whether it has ended.
[[nodiscard]] bool read_identity(Members& members, Record& record) {
    const auto created = decode_timestamp(members.take("created"));
    const auto updated = decode_timestamp(members.take("updated"));
    const Value* ended_member = members.take("ended");
    if (!created || !updated || *updated < *created || !is_absent_or<Object>(ended_member)) return false;
    record.created = *created;
    record.updated = *updated;
    if (const auto* ended = get<Object>(ended_member)) {
        record.ended = decode_end(*ended);
        if (!record.ended) return false;
    }
    const Value* last_member = members.take("lastEnd");
    const auto* last_end = get<std::int64_t>(last_member);
    if (last_member != nullptr && (last_end == nullptr || *last_end < 1)) return false;
    if (last_end != nullptr) record.last_end = static_cast<std::uint64_t>(*last_end);
    // Whoever had not seen an act has ended with it, and nobody else has.
    return record.last_end <= limits::revision_max &&
           is_ended_by_act(record) == (record.created.revision <= record.last_end);
}

// The members about the user. An active session has a subject, an ended one has none (R13).
[[nodiscard]] bool read_user(Members& members, Record& record) {
    const auto* subject = get<std::string>(members.take("subject"));
    const Value* session_member = members.take("sessionId");
    const Value* claims_member = members.take("claims");
    if (subject == nullptr || subject->size() > limits::subject_bytes_max || subject->empty() == is_active(record))
        return false;
    record.subject = *subject;

    if (!is_absent_or<std::string>(session_member)) return false;
    if (const auto* session_id = get<std::string>(session_member)) {
        if (session_id->empty() || session_id->size() > limits::session_id_bytes_max) return false;
        record.session_id = *session_id;
    }

    if (claims_member == nullptr) return true;
    const auto claims = canonical_claims(*claims_member);
    if (!claims || claims->size() > limits::claims_bytes_max || !is_active(record)) return false;
    record.claims = *claims;
    return true;
}

[[nodiscard]] bool read_times(Members& members, Record& record) {
    const auto signed_in_at = decode_time(members.take("signedInAt"));
    const Value* expires_member = members.take("expiresAt");
    const Value* check_member = members.take("checkAt");
    const auto active_at = decode_time(members.take("activeAt"));
    if (!signed_in_at || !active_at) return false;
    record.signed_in_at = *signed_in_at;
    record.expires_at = decode_time(expires_member);
    record.check_at = decode_time(check_member);
    record.active_at = *active_at;
    if (record.check_at && !is_active(record)) return false;
    return (expires_member == nullptr || record.expires_at) && (check_member == nullptr || record.check_at);
}

[[nodiscard]] Read read_current(const Object& object) {
    Members members(object);
    Record record;
    if (!read_identity(members, record) || !read_user(members, record)) return read::Unreadable{};
    if (!read_times(members, record) || !read_duty(members, record.duty)) return read::Unreadable{};
    static_cast<void>(members.take("format"));  // decoded before
    if (!members.all_taken()) record.unknown = unknown_members(object);
    if (record.unknown.size() > limits::unknown_bytes_max) return read::Unreadable{};
    return record;
}

// The one member of every format. It is read before anything else is checked. Two of them are as good as none.
[[nodiscard]] std::optional<std::int64_t> format_of(const Object& object) {
    std::optional<std::int64_t> format;
    for (const Member& member : object) {
        if (member.name != "format") continue;
        const auto* integer = get<std::int64_t>(&member.value);
        if (format || integer == nullptr || *integer < 1) return std::nullopt;
        format = *integer;
    }
    return format;
}

void write_end(ObjectWriter& writer, const End& end) {
    ObjectWriter ended(writer.member("ended"));
    ended.text("reason", name_of(end.reason));
    ended.text_unless_empty("by", end.by);
    ended.integer("at", end.at);
    ended.close();
}

void write_duty(ObjectWriter& writer, const Duty& duty) {
    ObjectWriter object(writer.member("duty"));
    write(object.member("epoch"), duty.epoch);
    object.text("state", name_of(duty.state));
    object.integer("at", duty.at);
    if (duty.failures > 0) object.integer("failures", duty.failures);
    object.close();
}

}  // namespace

Read decode_record(std::string_view text) {
    if (utf16_units(text) > limits::record_units_max) return read::Unreadable{};
    Document document = parse(text);
    const auto* object = get<Object>(&document.root);
    if (!document.complete || object == nullptr) return read::Unreadable{};
    const auto format = format_of(*object);
    if (!format) return read::Unreadable{};
    if (*format > format_current) return read::Newer{};  // before any other rule, which a newer format may break
    if (!is_strict(document)) return read::Unreadable{};

    const auto migrated = migrate(std::move(document.root), *format, migrations);
    const Object* current = migrated ? get<Object>(&*migrated) : nullptr;
    return current == nullptr ? Read{read::Unreadable{}} : read_current(*current);
}

std::optional<Value> migrate(Value record, std::int64_t from, std::span<const Migration> steps) {
    const auto done = static_cast<std::size_t>(from - 1);
    for (std::size_t at = done; at < steps.size(); ++at) {
        auto next = steps[at](std::move(record));
        if (!next) return std::nullopt;
        record = std::move(*next);
    }
    return record;
}

std::string encode_record(const Record& record) {
    std::string text;
    ObjectWriter writer(text);
    writer.integer("format", format_current);
    write(writer.member("created"), record.created);
    if (record.ended) write_end(writer, *record.ended);
    write(writer.member("updated"), record.updated);
    if (record.last_end > 0) writer.integer("lastEnd", static_cast<std::int64_t>(record.last_end));
    writer.text("subject", record.subject);
    writer.text_if("sessionId", record.session_id);
    writer.integer("signedInAt", record.signed_in_at);
    writer.integer_if("expiresAt", record.expires_at);
    writer.integer_if("checkAt", record.check_at);
    writer.integer("activeAt", record.active_at);
    if (!record.claims.empty()) writer.json("claims", record.claims);
    if (record.duty.state != DutyState::none) write_duty(writer, record.duty);
    if (!record.unknown.empty()) writer.members(record.unknown);
    writer.close();
    return text;
}

}  // namespace lockstep::codec
