// The reference model of a store migration. Two stores count their revisions separately, so nothing that was read in
// the one is compared with anything in the other. The rules of the migration are written here a second time.
#include <algorithm>
#include <utility>

#include "tests/sim/reference_model.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::sim {
namespace {

[[nodiscard]] bool continues(const Record& source, const Record& now, const std::optional<Record>& target) {
    if (!is_active(source)) return false;
    if (is_recreated(source, now)) return true;
    return target && target->created == now.created && is_active(*target) && target->subject == source.subject;
}

// The clear was not decided while the source was in use.
[[nodiscard]] bool was_cleared(const ReferenceModel& reference, const Record& record) {
    return std::find(reference.cleared.begin(), reference.cleared.end(), record.created) != reference.cleared.end();
}

void end_as(Record& record, const End& end) {
    record.ended = end;
    record.subject.clear();
    record.claims.clear();
    record.check_at.reset();
    record.duty = {};
}

// The session that was placed is known by both names from now on, also where the target shows that it has ended.
void note_placed(ReferenceModel& reference, const Record& source, const Record& now,
                 const std::optional<Record>& target) {
    const bool has_continued = continues(source, now, target);
    const bool has_ended = is_active(source) && was_ended_by_name(now, source);
    if (has_continued || has_ended) reference.migrated_session = MigratedSession{source.created, now.created};
    if (has_continued) reference.app_names_source = true;
}

}  // namespace

bool was_ended_by_name(const Record& target, const Record& source) {
    const bool is_by_act = target.ended && target.last_end >= target.created.revision;
    return is_by_act && target.session_id && target.session_id == source.session_id;
}

bool is_recreated(const Record& source, const Record& record) {
    const std::string mark = source.created.writer.ends_with('m') ? "" : "m";
    const bool is_same_subject = !is_active(record) || record.subject == source.subject;
    return is_same_subject && record.created.writer == source.created.writer + mark &&
           source.created.revision < record.created.revision &&
           record.signed_in_at <= source.signed_in_at;  // earlier: it was in the future (R8)
}

std::optional<Record> expected_after_migration(const Record& source, const std::optional<Record>& target) {
    if (!is_active(source)) return target ? *target : source;
    if (target && (is_active(*target) || was_ended_by_name(*target, source))) return target;
    const std::uint64_t seen = target ? std::max({target->created.revision, target->updated.revision, target->last_end,
                                                  target->duty.epoch.revision})
                                      : 0;
    Record next = source;
    next.created.revision = std::max(source.created.revision, seen) + 1;
    if (!next.created.writer.ends_with('m')) next.created.writer += 'm';
    next.updated = next.created;
    next.last_end = target ? target->last_end : 0;
    next.duty = {};
    return next;
}

void switch_store(ReferenceModel& reference, EpochMs now) {
    // A second migration before the first is decided: the source is what the first would have led to.
    auto holds = held(reference);
    const auto source = std::exchange(reference.migration_source, std::nullopt);
    if (source && !reference.newer) {
        const auto target = std::exchange(holds, expected_after_migration(*source, holds));
        if (!is_active(*source) && is_active(*holds) && is_same_session(reference, *source, *holds))
            end_as(*holds, *source->ended);
        note_placed(reference, *source, *holds, target);
    } else if (source) {
        holds = source;
    }
    // A clear of this store ends the session that was placed in it, too.
    if (holds && is_active(*holds) && was_cleared(reference, *holds)) end_as(*holds, End{EndReason::cleared, "", now});
    reference.migration_source = holds;
    reference.migrations += 1;
    reference.target_record.reset();
    reference.known.reset();
    reference.own.reset();
    reference.stored.reset();
    reference.ended.clear();
    reference.newer = reference.blocked = reference.refused = false;
    reference.store_seen = reference.migrated_blind = false;
}

void target_opened(ReferenceModel& reference) {
    if (!std::exchange(reference.migrated_blind, false)) return;
    reference.migration_source = std::exchange(reference.own, std::nullopt);
    reference.known.reset();
    reference.ended.clear();
}

Violation finish_migration(ReferenceModel& reference, EpochMs now) {
    const auto source = std::exchange(reference.migration_source, std::nullopt);
    if (!source) return std::nullopt;
    reference.migrated_blind = reference.blocked && !reference.store_seen;
    const auto holds = held(reference);
    if (holds) note_placed(reference, *source, *holds, reference.target_record);
    // Checks are asked again, of the session in the target: no outcome in the source answers them.
    const auto comes = expected_after_migration(*source, reference.target_record);
    const bool is_it = holds && comes && holds->created == comes->created;
    for (CheckAsked& check : reference.checks)
        check = is_it ? asked_now(reference, check.id, now) : CheckAsked{check.id, now, {}, {}};
    const bool is_back =
        holds && is_active(*holds) && !is_active(*source) && is_same_session(reference, *source, *holds);
    if (is_back) return "R1: a session that ended in the source is active in the target, where it came from";
    if (is_active(*source) && !holds) return "R4: an active session of the source is not migrated";
    return std::nullopt;
}

bool is_same_session(const ReferenceModel& reference, const Record& source, const Record& target) {
    return refers_to(reference, target.created, source.created);
}

bool refers_to(const ReferenceModel& reference, const LogicalTimestamp& named, const LogicalTimestamp& created) {
    return named == created || (reference.migrated_session && reference.migrated_session->before == named &&
                                reference.migrated_session->now == created);
}

CheckAsked asked_now(const ReferenceModel& reference, std::uint32_t id, EpochMs now) {
    CheckAsked check{id, now, std::nullopt, std::nullopt};
    const auto known = held(reference);
    if (!known || !is_active(*known)) return check;
    check.created = known->created;
    const auto duty = duty_in(*known);
    const bool is_fresh = duty && duty->at <= now && now < duty->at + limits::check_fresh_ms;
    if (duty && duty->state == DutyState::done && !is_fresh) check.stale = duty->epoch;
    return check;
}

}  // namespace lockstep::sim
