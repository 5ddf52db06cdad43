#include "wasm/core/decide_migration.hpp"

#include <algorithm>
#include <utility>

#include "wasm/core/decide_duty.hpp"
#include "wasm/core/decide_end.hpp"
#include "wasm/core/tombstone.hpp"

namespace lockstep {
namespace {

// Between two stores there is no order: a session id that both have is the only sign that somebody ended this session.
[[nodiscard]] bool is_named_ended(const std::optional<Record>& record, const Record& session) {
    return record && is_ended_by_act(*record) && session.session_id && record->session_id == session.session_id;
}

// One session in both stores: this hub has migrated it before, or an event of the target has shown it.
[[nodiscard]] bool is_same_session(const State& state, const Record& source, const Record& record) {
    return refers_to(state.migration, record.created, source.created);
}

// Ends the writer's name in the `created` of a migrated session; the writers that hubs choose are hexadecimal.
constexpr char migrated_suffix = 'm';

// Later than anything that the target has shown (R3). Every tab that migrates at the same moment decides the same
// `created`: for their apps it is one session, and a logout in one of them must end that of all.
[[nodiscard]] Record recreated(State& state, const Record& source, const std::optional<Record>& found) {
    Record next = source;
    const std::uint64_t seen = std::max(source.created.revision, found ? highest_revision(*found) : 0);
    next.created.revision = std::min(seen + 1, limits::revision_max);
    std::string& writer = next.created.writer;
    if (!writer.ends_with(migrated_suffix) && writer.size() < limits::writer_bytes_max) writer += migrated_suffix;
    next.updated = next.created;
    next.last_end = found ? found->last_end : 0;
    next.duty = {};
    state.revision_seen = std::max(state.revision_seen, next.created.revision);
    return next;
}

// For its app it is the same session: a change of store is no login, and a logout that names the session as it was in
// the source means this one.
void continue_as(State& state, const Record& source, const Record& record) {
    state.migration.last = MigratedSession{source.created, record.created};
    if (state.client && state.client->known && state.client->known->session == source.created)
        state.client->known->session = record.created;
}

// Revisions of one store mean nothing in another.
void forget_revisions(State& state) {
    if (std::holds_alternative<duty_lock::Busy>(state.lock)) state.lock = duty_lock::Free{};
    state.created_here.reset();
    state.own_end.reset();
    state.retried_early = 0;
    for (const WaitingCheck& waiting : std::exchange(state.waiting_checks, {})) {
        state.requests.emplace_back(event::CheckReceived{waiting.port, waiting.id});
    }
}

[[nodiscard]] bool will_be_shared(const State& state, const StorageCapabilities& storage) {
    const std::string_view origin = state.client ? std::string_view(state.client->origin) : std::string_view();
    return scope_of(state.config, storage, origin, widest_medium(storage)) == Scope::shared;
}

void switch_store(Transition& transition) {
    State& state = transition.state;
    if (!state.outdated)
        finish_migration(transition, state.record);  // what was pending for the store that was in use until now
    begin_migration(transition);
    // What ended in this store has ended; what another one shows is no answer to it.
    for (TombstoneWrite& writing : state.tombstone_writes)
        answer(transition, std::exchange(writing.pending_replies, {}), std::nullopt);
    state.stored.reset();
    state.store_blocked = state.write_failed = state.outdated = false;
    state.phase = state.phase == Phase::reading ? Phase::reading : Phase::migrating;
    transition.emit(effect::UseStore{state.medium});
}

// What ended in the source ends the session of the target that it had migrated from. Where the target is empty, the end
// is written there, so that the reason is not lost.
void place_ended(Transition& transition, const Record& source, std::optional<Record>& candidate) {
    if (!candidate) candidate = source;
    if (!is_active(*candidate) || !is_same_session(transition.state, source, *candidate)) return;
    const LogicalTimestamp updated =
        is_by_deadline(*source.ended) ? common_timestamp(*candidate) : next_timestamp(transition);
    candidate = ended_copy(*candidate, *source.ended, updated);
}

void place_active(State& state, const Record& source, std::optional<Record>& candidate) {
    const bool lives = candidate && is_active(*candidate);
    if (!lives && !is_named_ended(candidate, source)) candidate = recreated(state, source, candidate);
    if (!is_active(*candidate)) {  // remembered, so that the end is also placed in the store that the session came from
        state.migration.last = MigratedSession{source.created, candidate->created};
    } else if (candidate->subject == source.subject) {
        continue_as(state, source, *candidate);
    }
}

}  // namespace

// R1, R12: the session may have ended in the source without this hub having been notified. So the source is read once
// more before it is left.
void storage_capabilities_changed(Transition& transition, const event::StorageCapabilitiesChanged& changed) {
    State& state = transition.state;
    if (state.phase == Phase::created) return;
    StorageCapabilities storage = changed.storage;
    storage.cookie = storage.cookie && !state.cookie_given_up;
    state.migration.target = storage;
    // Answered by the user, or by what became true without them.
    if (state.scope_request && (changed.asked || will_be_shared(state, storage))) {
        state.requests.emplace_back(*std::exchange(state.scope_request, std::nullopt));
    }
    ask_for_read(transition);
}

void use_first_store(Transition& transition, const StorageCapabilities& storage) {
    if (!must_mark(storage) || !storage.record_in_cookie) return use_widest_store(transition, storage);
    transition.state.medium = Medium::cookie;
    transition.state.migration.target = storage;
    transition.emit(effect::UseStore{Medium::cookie});
}

void use_widest_store(Transition& transition, const StorageCapabilities& storage) {
    State& state = transition.state;
    state.storage = storage;
    const Medium source = std::exchange(state.medium, widest_medium(storage));
    if (source != state.medium) switch_store(transition);
    if (must_mark(storage)) transition.emit(effect::MarkStore{});
    // After the store was marked and the cookie was left: whoever is still in the cookie finds the mark.
    if (must_mark(storage) || (source == Medium::cookie && must_abandon_cookie(storage)))
        transition.emit(effect::AbandonCookie{});
}

void begin_migration(Transition& transition) {
    State& state = transition.state;
    end_when_cleared(transition, state.record);
    state.cleared_session.reset();
    if (!std::holds_alternative<migration::Pending>(state.migration.session)) {
        state.migration.session = migration::Settled{};
        if (state.record) state.migration.session = migration::Pending{std::move(*state.record)};
    }
    state.record.reset();
    state.store_seen = state.tombstone_known = false;
    if (state.own_duty) drop_duty(transition);
    forget_revisions(state);
}

void finish_migration(Transition& transition, std::optional<Record>& candidate) {
    State& state = transition.state;
    auto* pending = std::get_if<migration::Pending>(&state.migration.session);
    if (pending == nullptr) return;
    const Record source = std::move(pending->source);
    state.migration.session = migration::Settled{};
    // Where the target was read before it was blocked, the record counts from what it showed, and is merged when the
    // target opens.
    if (state.store_blocked && !state.store_seen) state.migration.session = migration::Unverified{};
    if (is_active(source)) {
        place_active(state, source, candidate);
    } else {
        place_ended(transition, source, candidate);
    }
}

}  // namespace lockstep
