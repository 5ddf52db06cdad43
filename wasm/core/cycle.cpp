#include "wasm/core/cycle.hpp"

#include <utility>

#include "wasm/core/announce.hpp"
#include "wasm/core/deadline.hpp"
#include "wasm/core/decide_activity.hpp"
#include "wasm/core/decide_check.hpp"
#include "wasm/core/decide_duty.hpp"
#include "wasm/core/decide_end.hpp"
#include "wasm/core/decide_login.hpp"
#include "wasm/core/decide_logout.hpp"
#include "wasm/core/decide_migration.hpp"
#include "wasm/core/decide_push.hpp"
#include "wasm/core/door.hpp"
#include "wasm/core/match.hpp"
#include "wasm/core/memory.hpp"
#include "wasm/core/tombstone.hpp"

namespace lockstep {
namespace {

// Decides every waiting request in turn, each on what the one before made of the session.
[[nodiscard]] std::vector<PendingReply> decide_requests(Transition& transition, std::optional<Record>& candidate) {
    const State& state = transition.state;
    std::vector<PendingReply> pending_replies;
    const auto answer_when_durable = [&](PortId port, RequestId id, std::optional<Code> refused) {
        if (refused) return reply(transition, port, id, refused);
        pending_replies.push_back({port, id});
    };
    for (const Request& request : std::exchange(transition.state.requests, {})) {
        match(
            request,
            [&](const event::LoginReceived& login) {
                const auto refused = state.outdated ? Code::hub_outdated : decide_login(transition, login, candidate);
                answer_when_durable(login.port, login.id, refused);
            },
            [&](const event::LogoutReceived& logout) {
                if (state.outdated) return reply(transition, logout.port, logout.id, Code::hub_outdated);
                decide_logout(transition, logout, candidate);
                answer_when_durable(logout.port, logout.id, std::nullopt);
            },
            [&](const Touch&) { decide_touch(transition, candidate); },
            [&](const event::CheckReceived& check) { decide_check(transition, check, candidate); },
            [&](const event::OutcomeReceived& outcome) { decide_outcome(transition, outcome, candidate); },
            [&](const event::WakeReceived& wake) { answer_when_durable(wake.port, wake.id, std::nullopt); },
            [&](const PushedEnd& pushed) { decide_pushed_end(transition, pushed, candidate); },
            [&](const ScopeRequest& asked) { answer_when_durable(asked.port, asked.id, std::nullopt); });
    }
    return pending_replies;
}

// All that waited for the record to be durable (R5).
void publish(Transition& transition) {
    // R8: a frozen page learns late that its write was done. A session that has ended by then is not announced as
    // active any more: the next read ends it.
    if (has_passed_end(transition.state, transition.now)) return ask_for_read(transition);
    announce(transition);
    answer_checks(transition);
    begin_duty(transition);
    ask_for_duty(transition);
}

// R4: the session ends as soon as a write of that succeeds.
void clear_session(State& state) {
    if (state.record && is_active(*state.record)) state.cleared_session = state.record->created;
}

// The change is decided; now it must become durable. Memory adopts it when the outcome is known (R5).
void write(Transition& transition, Record&& record, std::vector<PendingReply> pending_replies) {
    State& state = transition.state;
    const bool ends =
        !is_active(record) && (!state.record || is_active(*state.record) || state.record->created != record.created);
    state.writing = Writing{++state.write_id_last, record, std::move(pending_replies), ends};
    transition.emit(effect::WriteRecord{state.writing->write_id, std::move(record)});
}

void decide_and_write(Transition& transition) {
    State& state = transition.state;
    std::optional<Record> candidate = state.record;
    if (!state.outdated) {
        finish_migration(transition, candidate);
        end_when_cleared(transition, candidate);
        correct_future_times(transition, candidate);
        end_when_due(transition, candidate);
    }
    std::vector<PendingReply> pending_replies = decide_requests(transition, candidate);
    decide_duty(transition, candidate);
    const bool changes_store = candidate && candidate != state.stored && !state.outdated;
    if (changes_store && !state.store_blocked) {  // after a refused write too: this is how a full store heals
        write(transition, std::move(*candidate), std::move(pending_replies));
        return;
    }
    // Nothing to store, or nowhere: with storage blocked the session lives in this document alone, and the scope is
    // `alone`.
    if (changes_store) {
        adopt(state, *candidate, transition.now);
    } else {
        state.write_failed = false;
    }
    publish(transition);
    answer(transition, pending_replies, std::nullopt);
}

[[nodiscard]] std::optional<Writing> finished_writing(State& state, WriteId write_id) {
    if (!state.writing || state.writing->write_id != write_id) return std::nullopt;
    return std::exchange(state.writing, std::nullopt);
}

// What arrived during the write begins its own cycle.
void begin_next_cycle(Transition& transition) {
    if (!transition.state.requests.empty() || transition.state.migration.target) ask_for_read(transition);
}

}  // namespace

void started(Transition& transition, const event::Started& started) {
    State& state = transition.state;
    if (state.phase != Phase::created) return;
    state.writer = started.writer;
    state.phase = Phase::reading;
    use_first_store(transition, started.storage);
    state.visible = started.visible;
    state.rate_limiter = make_rate_limiter(started.hubs_in_tab, transition.now);
    state.ends_first_read = started.browser_start && state.config.times.ends_with_browser;
    // Whoever was signed in when the browser was closed may have been signed out meanwhile.
    if (started.browser_start && !state.ends_first_read) enqueue(transition, event::CheckReceived{});
    ask_for_read(transition);
}

// R10: the event's value may be the loser of a race, so it is never applied. But it may also be an end that was
// overwritten by a tab that had not read it, and whose writer is gone: nobody else would put it back. It is merged, and
// the join decides which of the two it is.
void store_changed(Transition& transition, const event::StoreChanged& changed) {
    if (is_unverified(transition.state.migration) && std::holds_alternative<Record>(changed.shown))
        begin_migration(transition);
    merge_read(transition.state, changed.shown, transition.now);
    ask_for_read(transition);
}

void store_cleared(Transition& transition) {
    clear_session(transition.state);
    ask_for_read(transition);
}

// R4: an eviction that nobody asked for ends nothing: the next read finds the store empty, and the record is written
// again. A jar that drops it again and again is given up, or the hubs would write without end.
void cookie_gone(Transition& transition, const event::CookieGone& gone) {
    State& state = transition.state;
    if (state.medium != Medium::cookie) return;
    if (!gone.companion_left) return store_cleared(transition);
    Evictions& evictions = state.evictions;
    const EpochMs passed = transition.now - evictions.since;
    if (passed < 0 || passed > limits::evictions_window_ms) evictions = {0, transition.now};
    if (++evictions.count <= limits::evictions_max) return ask_for_read(transition);
    state.cookie_given_up = true;
    storage_capabilities_changed(transition, {state.migration.target.value_or(state.storage), false});
}

void record_read(Transition& transition, const event::RecordRead& read) {
    State& state = transition.state;
    if (!state.reading) return;
    state.reading = false;
    if (is_unverified(state.migration) && !std::holds_alternative<read::Blocked>(read.read))
        begin_migration(transition);
    read_store(state, read.read, transition.now);
    const ReadOrder read_order = state.store_seen ? ReadOrder::later : ReadOrder::first;
    state.store_seen = state.store_seen || !(state.outdated || state.store_blocked);
    if (state.store_seen && std::exchange(state.ends_first_read, false)) clear_session(state);
    // A read that was asked for before the tombstone arrived is not yet the one to decide on.
    if (state.phase == Phase::reading || state.phase == Phase::migrating ||
        (state.phase == Phase::reconciling && state.tombstone_known))
        state.phase = Phase::running;
    if (state.phase != Phase::running || state.writing) return;
    if (must_read_tombstone(state, read_order)) {
        state.phase = Phase::reconciling;
        // A page that goes does not see it, so nothing is handed over: the claim ends by itself.
        if (state.leaving && state.own_duty) drop_duty(transition);
        transition.emit(effect::ReadTombstone{});
        return;
    }
    if (const auto target = std::exchange(state.migration.target, std::nullopt)) use_widest_store(transition, *target);
    if (state.phase == Phase::migrating) return ask_for_read(transition);
    decide_and_write(transition);
}

void tombstone_read(Transition& transition, const event::TombstoneRead& read) {
    State& state = transition.state;
    if (state.phase != Phase::reconciling || state.tombstone_known) return;
    if (is_unverified(state.migration)) begin_migration(transition);
    merge_read(state, read.read, transition.now);
    state.tombstone_known = true;
    ask_for_read(transition);  // the disk may have taken long, and nothing is decided on an old read
}

void record_written(Transition& transition, const event::RecordWritten& written) {
    State& state = transition.state;
    auto writing = finished_writing(state, written.write_id);
    if (!writing) return;
    state.stored = writing->record;
    state.write_failed = false;
    adopt(state, writing->record, transition.now);
    publish(transition);
    if (writing->ends_session) {
        store_tombstone(transition, writing->record, std::move(writing->pending_replies));
    } else {
        answer(transition, writing->pending_replies, std::nullopt);
    }
    begin_next_cycle(transition);
}

void record_not_written(Transition& transition, const event::RecordNotWritten& not_written) {
    State& state = transition.state;
    auto writing = finished_writing(state, not_written.write_id);
    if (!writing) return;
    const bool is_unasked = !state.write_failed && writing->pending_replies.empty();
    state.write_failed = true;
    adopt(state, writing->record, transition.now);
    publish(transition);
    answer(transition, writing->pending_replies, Code::storage_failed);
    if (is_unasked) send_error_notice(transition, Code::storage_failed);
    if (writing->ends_session) store_tombstone(transition, writing->record, {});
    begin_next_cycle(transition);
}

}  // namespace lockstep
