#include "wasm/core/memory.hpp"

#include <algorithm>
#include <utility>

#include "wasm/core/deadline.hpp"
#include "wasm/core/match.hpp"

namespace lockstep {
namespace {

// Of two copies of one session the activity of an active one that lies in the future does not count: it was written
// before the clock was set right. Joined by the maximum it would never go.
void discard_future_activity(Record& record, const Record& other, EpochMs now) {
    if (record.created != other.created || !is_active(record)) return;
    if (is_in_future(record.active_at, now) && !is_in_future(other.active_at, now)) record.active_at = other.active_at;
}

void merge_record(State& state, Record record, EpochMs now) {
    state.revision_seen = std::max(state.revision_seen, highest_revision(record));
    if (state.record) {
        discard_future_activity(*state.record, record, now);
        discard_future_activity(record, *state.record, now);
        record = merge(*state.record, record);
    }
    state.record = std::move(record);
}

// A hub that has itself counted so far goes on to the bound.
[[nodiscard]] bool may_come_from_counting(const State& state, const Record& record) {
    return highest_revision(record) <= limits::revision_counted_max ||
           state.revision_seen >= limits::revision_counted_max;
}

}  // namespace

void merge_read(State& state, const Read& read, EpochMs now) {
    match(
        read,
        [&](const Record& record) {
            if (may_come_from_counting(state, record)) merge_record(state, record, now);
        },
        [](const read::Absent&) {}, [](const read::Unreadable&) {}, [](const read::Newer&) {},
        [](const read::Blocked&) {});
}

void read_store(State& state, const Read& read, EpochMs now) {
    const Record* record = std::get_if<Record>(&read);
    const bool is_believed = record != nullptr && may_come_from_counting(state, *record);
    state.stored = is_believed ? std::optional(*record) : std::nullopt;
    merge_read(state, read, now);
    state.outdated = std::holds_alternative<read::Newer>(read);
    state.store_blocked = std::holds_alternative<read::Blocked>(read);
}

void adopt(State& state, const Record& decided, EpochMs now) { merge_record(state, decided, now); }

}  // namespace lockstep
