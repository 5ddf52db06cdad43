// The store under a living session: which one is used, how the session comes along when a wider one opens (R4), and the
// user's gesture that opens it. Two backends count their revisions apart, so that their records are never merged: what
// the wider one holds is what all others see.
#include <algorithm>
#include <utility>

#include "wasm/core/transition.hpp"

namespace lockstep {
namespace {

// No two session ids that contradict each other.
[[nodiscard]] bool may_be_one(const Record& a, const Record& b) {
    return !a.session_id || !b.session_id || *a.session_id == *b.session_id;
}

[[nodiscard]] bool is_named_ended(const std::optional<Record>& record, const Record& session) {
    return record && !is_active(*record) && session.session_id && record->session_id == session.session_id;
}

// One session in both stores: this hub has migrated it before, or an event of the target has shown it.
[[nodiscard]] bool is_same_session(const State& state, const Record& left, const Record& record) {
    return refers_to(state, record.created, left.created);
}

// Ends the writer's name in the births of sessions that came along; the writers that hubs choose are hexadecimal.
constexpr char migrated_suffix = 'm';

// Later than anything that the new store has shown (R3). Every tab that comes along at the same moment decides the same
// birth: for their apps it is one session, and a logout in one of them must mean that of all.
[[nodiscard]] Record recreated(State& state, const Record& left, const std::optional<Record>& found) {
    Record next = left;
    next.created.revision = std::max(left.created.revision, found ? highest_revision(*found) : 0) + 1;
    std::string& writer = next.created.writer;
    if (!writer.ends_with(migrated_suffix) && writer.size() < limits::writer_bytes_max) writer += migrated_suffix;
    next.updated = next.created;
    next.duty = {};
    state.revision_seen = std::max(state.revision_seen, next.created.revision);
    return next;
}

// For its app it is the same session: a change of store is no login, and a logout that names the old birth means this
// one.
void continue_as(State& state, const Record& left, const Record& record) {
    state.migrated_session = MigratedSession{left.created, record.created};
    if (state.client && state.client->known && state.client->known->session == left.created)
        state.client->known->session = record.created;
}

// What is numbered by the revisions of one store says nothing in another.
void forget_revisions(State& state) {
    state.lock_busy_until.reset();
    state.ended_here = state.retried_early = 0;
    for (const WaitingCheck& waiting : std::exchange(state.waiting_checks, {})) {
        state.requests.emplace_back(event::CheckReceived{waiting.port, waiting.id});
    }
}

[[nodiscard]] bool will_be_shared(const State& state, const StorageCapabilities& storage) {
    const std::string_view origin = state.client ? std::string_view(state.client->origin) : std::string_view();
    return scope_of(state.config, storage, origin, widest_medium(storage)) == Scope::shared;
}

void move(Transition& transition) {
    State& state = transition.state;
    if (!state.outdated)
        finish_migration(transition, state.record);  // what was on its way into the store that is left now
    begin_migration(transition);
    state.stored.reset();
    state.store_blocked = state.write_failed = state.outdated = false;
    state.phase = state.phase == Phase::reading ? Phase::reading : Phase::migrating;
    transition.emit(effect::UseStore{state.medium});
}

}  // namespace

void use_widest_store(Transition& transition, const StorageCapabilities& storage) {
    State& state = transition.state;
    state.storage = storage;
    if (std::exchange(state.medium, widest_medium(storage)) != state.medium) move(transition);
}

// R1, R12: the session may have ended in the store that is left, and this tab not have heard of it. So that store is
// looked at once more.
void storage_capabilities_changed(Transition& transition, const event::StorageCapabilitiesChanged& changed) {
    State& state = transition.state;
    if (state.phase == Phase::created) return;
    state.storage_next = changed.storage;
    // Answered by the user, or by what came true without them.
    if (state.scope_request && (changed.asked || will_be_shared(state, changed.storage))) {
        state.requests.emplace_back(*std::exchange(state.scope_request, std::nullopt));
    }
    ask_for_read(transition);
}

void begin_migration(Transition& transition) {
    State& state = transition.state;
    end_when_cleared(transition, state.record);
    state.cleared_session.reset();
    if (!state.migration_source) state.migration_source = std::move(state.record);
    state.record.reset();
    state.store_seen = state.tombstone_known = state.migrated_blind = false;
    if (state.own_duty) drop_duty(transition);
    forget_revisions(state);
}

void finish_migration(Transition& transition, std::optional<Record>& candidate) {
    State& state = transition.state;
    const auto left = std::exchange(state.migration_source, std::nullopt);
    if (!left) return;
    // Where the store was read before it was blocked, the record counts from what it showed, and is merged when it
    // opens.
    state.migrated_blind = state.store_blocked && !state.store_seen;
    if (!is_active(*left)) {
        if (!candidate) candidate = *left;  // why it ended is still to be told
        if (is_active(*candidate) && is_same_session(state, *left, *candidate)) {
            const LogicalTimestamp updated =
                is_by_deadline(*left->ended) ? common_timestamp(*candidate) : next_timestamp(transition);
            candidate = ended_copy(*candidate, *left->ended, updated);
        }
        return;
    }
    const bool lives = candidate && is_active(*candidate);
    if (!lives && !is_named_ended(candidate, *left)) candidate = recreated(state, *left, candidate);
    if (is_active(*candidate) && candidate->subject == left->subject && may_be_one(*candidate, *left))
        continue_as(state, *left, *candidate);
}

bool refers_to(const State& state, const LogicalTimestamp& named, const LogicalTimestamp& created) {
    return named == created || (state.migrated_session && state.migrated_session->before == named &&
                                state.migrated_session->now == created);
}

}  // namespace lockstep
