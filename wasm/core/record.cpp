#include "wasm/core/record.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "wasm/core/limits.hpp"

namespace lockstep {
namespace {

// The order of PROTOCOL §4: later `created`, then ended over active, then later `updated`, then the remaining members,
// so that two different records are never equal. `active_at` and `duty` are not in it: they are joined, not chosen.
[[nodiscard]] bool earlier(const Record& a, const Record& b) {
    const auto key = [](const Record& record) {
        return std::tie(record.created, record.updated, record.ended, record.subject, record.session_id,
                        record.signed_in_at, record.expires_at, record.check_at, record.claims, record.unknown);
    };
    if (a.created != b.created) return a.created < b.created;
    if (is_active(a) != is_active(b)) return is_active(a);  // R1: ended beats active
    return key(a) < key(b);
}

}  // namespace

Record merge(const Record& a, const Record& b) {
    Record joined = earlier(a, b) ? b : a;
    if (a.created != b.created) return joined;
    joined.active_at = std::max(a.active_at, b.active_at);  // R9
    // R6: the later claim, and of one claim its outcome.
    if (is_active(a) == is_active(b)) joined.duty = a.duty < b.duty ? b.duty : a.duty;
    return joined;
}

bool may_be_same_session(const std::optional<std::string>& a, const std::optional<std::string>& b) {
    return !a || !b || *a == *b;
}

std::uint64_t highest_revision(const Record& record) {
    return std::max({record.created.revision, record.updated.revision, record.duty.epoch.revision});
}

LogicalTimestamp common_timestamp(const Record& record) {
    return {std::min(highest_revision(record) + 1, limits::revision_max), ""};
}

Record ended_copy(const Record& record, End end, LogicalTimestamp updated) {
    Record ended = record;
    ended.ended = std::move(end);
    ended.updated = std::max(record.updated, updated);
    ended.subject.clear();
    ended.claims.clear();
    ended.check_at.reset();
    ended.duty = {};  // the check is over; the end at the provider is another duty
    return ended;
}

}  // namespace lockstep
