#include "wasm/core/record.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "wasm/core/limits.hpp"

namespace lockstep {
namespace {

// The order of PROTOCOL §4.1: later `created`, then later `updated`, then the remaining members, so that two different
// records are never equal. Not in it: what is joined, not chosen. Last: what an end removes.
[[nodiscard]] bool earlier(const Record& a, const Record& b) {
    const auto key = [](const Record& record) {
        return std::tie(record.created, record.updated, record.session_id, record.signed_in_at, record.expires_at,
                        record.unknown, record.subject, record.check_at, record.claims);
    };
    return key(a) < key(b);
}

// Any end over none, an act over what happened by itself, and the later act.
[[nodiscard]] const std::optional<End>& greater_end(const Record& a, const Record& b) {
    const auto key = [](const Record& record) {
        const bool is_by_act = is_ended_by_act(record);
        return std::make_tuple(is_by_act, is_by_act ? record.last_end : 0, record.ended);
    };
    return key(a) < key(b) ? b.ended : a.ended;
}

// No subject and no claims remain (R13), and the check is over.
void strip(Record& record) {
    record.subject.clear();
    record.claims.clear();
    record.check_at.reset();
}

}  // namespace

Record merge(const Record& a, const Record& b) {
    const Record& later = earlier(a, b) ? b : a;
    Record joined = later;
    joined.last_end = std::max(a.last_end, b.last_end);
    const bool is_same = a.created == b.created;
    // R1: ended beats active, and a login that had not seen the last end loses against it.
    if (is_same || joined.created.revision <= joined.last_end) joined.ended = greater_end(a, b);
    if (is_same) joined.active_at = std::max(a.active_at, b.active_at);  // R9
    // R6: the later claim, and of one claim its outcome. The end at the provider is another duty than the check.
    if (is_same && is_active(a) == is_active(b)) {
        joined.duty = std::max(a.duty, b.duty);
    } else if (is_same) {
        joined.duty = is_active(a) ? b.duty : a.duty;
    } else if (is_active(later) && !is_active(joined)) {
        joined.duty = {};
    }
    if (!is_active(joined)) strip(joined);
    return joined;
}

std::uint64_t highest_revision(const Record& record) {
    return std::max({record.created.revision, record.updated.revision, record.last_end, record.duty.epoch.revision});
}

LogicalTimestamp common_timestamp(const Record& record) {
    return {std::min(highest_revision(record) + 1, limits::revision_max), ""};
}

Record ended_copy(const Record& record, End end, const LogicalTimestamp& updated) {
    Record ended = record;
    ended.updated = std::max(record.updated, updated);
    if (is_act(end.reason)) ended.last_end = std::max(record.last_end, ended.updated.revision);
    ended.ended = std::move(end);
    if (is_active(record)) ended.duty = {};  // the end at the provider is another duty
    strip(ended);
    return ended;
}

}  // namespace lockstep
