// Reading, merging and writing the one record. Three promises are kept here: absent is not signed out (R4), durable
// before announced (R5), and an end is kept where a killed browser does not lose it (R12).
#include <algorithm>
#include <utility>

#include "wasm/core/match.hpp"
#include "wasm/core/transition.hpp"

namespace lockstep {
namespace {

// Takes in what a look at a store showed. Nothing is ever forgotten here: a look that shows less than memory changes
// nothing.
void merge_read(State& state, const Read& read) {
    const auto believe = [&](const Record& record) {
        state.revision_seen = std::max(state.revision_seen, highest_revision(record));
        state.record = state.record ? merge(*state.record, record) : record;
    };
    match(
        read, [&](const Record& record) { believe(record); }, [](const read::Absent&) {},
        [](const read::Unreadable&) {}, [](const read::Newer&) {}, [](const read::Blocked&) {});
}

void read_store(State& state, const Read& read) {
    merge_read(state, read);
    const Record* record = std::get_if<Record>(&read);
    state.stored = record ? std::optional(*record) : std::nullopt;
    state.outdated = std::holds_alternative<read::Newer>(read);
    state.store_blocked = std::holds_alternative<read::Blocked>(read);
}

// Decides every waiting request in transition, each on what the one before made of the session.
[[nodiscard]] std::vector<PendingReply> decide_requests(Transition& transition, std::optional<Record>& candidate) {
    std::vector<PendingReply> pending_replies;
    for (const Request& request : std::exchange(transition.state.requests, {})) {
        match(
            request,
            [&](const event::LoginReceived& login) {
                const auto refused =
                    transition.state.outdated ? Code::hub_outdated : decide_login(transition, login, candidate);
                if (refused) {
                    reply(transition, login.port, login.id, refused);
                } else {
                    pending_replies.push_back({login.port, login.id});
                }
            },
            [&](const event::LogoutReceived& logout) {
                if (transition.state.outdated) {
                    reply(transition, logout.port, logout.id, Code::hub_outdated);
                } else {
                    decide_logout(transition, logout, candidate);
                    pending_replies.push_back({logout.port, logout.id});
                }
            },
            [&](const Touch&) { decide_touch(transition, candidate); },
            [&](const event::CheckReceived& check) { ask_for_check(transition, check, candidate); },
            [&](const event::OutcomeReceived& outcome) { decide_outcome(transition, outcome, candidate); },
            [&](const ScopeRequest& asked) {
                pending_replies.push_back({asked.port, asked.id});
            });
    }
    return pending_replies;
}

void answer(Transition& transition, const std::vector<PendingReply>& pending_replies, std::optional<Code> refused) {
    for (const PendingReply& pending_reply : pending_replies)
        reply(transition, pending_reply.port, pending_reply.id, refused);
}

void store_tombstone(Transition& transition, const Record& record, std::vector<PendingReply> pending_replies) {
    const WriteId write_id = ++transition.state.write_id_last;
    transition.state.tombstone_writes.push_back({write_id, std::move(pending_replies)});
    transition.emit(effect::StoreTombstone{write_id, record});
}

// The change is decided; now it must become durable. Memory takes it over when the outcome is known (R5).
void write(Transition& transition, Record&& record, std::vector<PendingReply> pending_replies) {
    State& state = transition.state;
    const bool ends =
        !is_active(record) && (!state.record || is_active(*state.record) || state.record->created != record.created);
    state.writing = Writing{++state.write_id_last, record, std::move(pending_replies), ends};
    transition.emit(effect::WriteRecord{state.writing->write_id, std::move(record)});
}

void adopt(State& state, const Record& decided) {
    state.record = state.record ? merge(*state.record, decided) : decided;
    state.revision_seen = std::max(state.revision_seen, highest_revision(decided));
}

// All that waited for the record to be durable (R5).
void publish(Transition& transition) {
    // R8: a frozen page hears late that its write was done. What has ended by then is not told as active any more: the
    // next look ends it.
    if (has_passed_end(transition.state, transition.now)) return ask_for_read(transition);
    announce(transition);
    answer_checks(transition);
    begin_duty(transition);
    take_up_duty(transition);
}

void run_decisions(Transition& transition) {
    State& state = transition.state;
    std::optional<Record> candidate = state.record;
    if (!state.outdated) {
        finish_migration(transition, candidate);
        end_when_cleared(transition, candidate);
        end_when_due(transition, candidate);
    }
    std::vector<PendingReply> pending_replies = decide_requests(transition, candidate);
    decide_duty(transition, candidate);
    const bool changes_store = candidate && candidate != state.stored && !state.outdated;
    if (changes_store && !state.store_blocked) {  // after a refused write too: this is how a full store heals
        write(transition, std::move(*candidate), std::move(pending_replies));
        return;
    }
    // Nothing to store, or nowhere: with storage blocked the session lives in this document alone, and the scope says
    // so.
    if (changes_store) {
        adopt(state, *candidate);
    } else {
        state.write_failed = false;
    }
    publish(transition);
    answer(transition, pending_replies, std::nullopt);
}

enum class ReadOrder { first, later };  // of what the store holds

// R12: a browser that was killed may have lost the end and show the session still, so a first look at a session is not
// believed alone. It may have lost the whole record as well: then a session must not be born before the tombstone is
// known, since one that counts from less would be taken for older than that end, and be ended by it at the next start
// (R2, R3).
[[nodiscard]] bool must_read_tombstone(const State& state, ReadOrder read_order) {
    if (state.tombstone_known) return false;
    const auto is_login = [](const Request& request) { return std::holds_alternative<event::LoginReceived>(request); };
    const bool shows_session = read_order == ReadOrder::first && state.record && is_active(*state.record);
    const bool brings_session = state.migration_source && is_active(*state.migration_source);
    return shows_session || brings_session || std::any_of(state.requests.begin(), state.requests.end(), is_login);
}

[[nodiscard]] std::optional<Writing> finished_writing(State& state, WriteId write_id) {
    if (!state.writing || state.writing->write_id != write_id) return std::nullopt;
    return std::exchange(state.writing, std::nullopt);
}

void go_on(Transition& transition) {
    if (!transition.state.requests.empty() || transition.state.storage_next) ask_for_read(transition);
}

}  // namespace

void ask_for_read(Transition& transition) {
    if (transition.state.reading) return;
    transition.state.reading = true;
    transition.emit(effect::ReadRecord{});
}

// R4: an explicit clear ends the session that was known when it was seen, and none born after it (R2).
void end_when_cleared(Transition& transition, std::optional<Record>& candidate) {
    const auto cleared = std::exchange(transition.state.cleared_session, std::nullopt);
    if (!cleared || !candidate || !is_active(*candidate) || candidate->created != *cleared) return;
    candidate = ended_copy(*candidate, End{EndReason::cleared, "", transition.now}, next_timestamp(transition));
}

void started(Transition& transition, const event::Started& started) {
    State& state = transition.state;
    if (state.phase != Phase::created) return;
    state.writer = started.writer;
    state.phase = Phase::reading;
    use_widest_store(transition, started.storage);
    state.visible = started.visible;
    state.rate_limiter.refilled_at = transition.now;
    ask_for_read(transition);
}

// R10: the event's value may be the loser of a race, so it is never applied. But it may also be an end that was
// overwritten by a tab that had not seen it, and whose writer is gone: nobody else would put it back. It is merged, and
// the join sorts out which of the two it is.
void store_changed(Transition& transition, const event::StoreChanged& changed) {
    if (transition.state.migrated_blind && std::holds_alternative<Record>(changed.shown)) begin_migration(transition);
    merge_read(transition.state, changed.shown);
    ask_for_read(transition);
}

void store_cleared(Transition& transition) {
    const State& state = transition.state;
    if (state.record && is_active(*state.record)) transition.state.cleared_session = state.record->created;
    ask_for_read(transition);
}

void record_read(Transition& transition, const event::RecordRead& read) {
    State& state = transition.state;
    if (!state.reading) return;
    state.reading = false;
    if (state.migrated_blind && !std::holds_alternative<read::Blocked>(read.read)) begin_migration(transition);
    read_store(state, read.read);
    const ReadOrder read_order = state.store_seen ? ReadOrder::later : ReadOrder::first;
    state.store_seen = state.store_seen || !(state.outdated || state.store_blocked);
    // A look that was asked for before the tombstone came is not yet the one to decide on.
    if (state.phase == Phase::reading || state.phase == Phase::migrating ||
        (state.phase == Phase::reconciling && state.tombstone_known))
        state.phase = Phase::running;
    if (state.phase != Phase::running || state.writing) return;
    if (must_read_tombstone(state, read_order)) {
        state.phase = Phase::reconciling;
        transition.emit(effect::ReadTombstone{});
        return;
    }
    if (const auto storage = std::exchange(state.storage_next, std::nullopt)) use_widest_store(transition, *storage);
    if (state.phase == Phase::migrating) return ask_for_read(transition);
    run_decisions(transition);
}

void tombstone_read(Transition& transition, const event::TombstoneRead& read) {
    State& state = transition.state;
    if (state.phase != Phase::reconciling || state.tombstone_known) return;
    if (state.migrated_blind) begin_migration(transition);
    merge_read(state, read.read);
    state.tombstone_known = true;
    ask_for_read(transition);  // the disk may have taken long, and nothing is decided on an old look
}

void record_written(Transition& transition, const event::RecordWritten& written) {
    State& state = transition.state;
    auto writing = finished_writing(state, written.write_id);
    if (!writing) return;
    state.stored = writing->record;
    state.write_failed = false;
    adopt(state, writing->record);
    publish(transition);
    if (writing->ends_session) {
        store_tombstone(transition, writing->record, std::move(writing->pending_replies));
    } else {
        answer(transition, writing->pending_replies, std::nullopt);
    }
    go_on(transition);
}

void record_not_written(Transition& transition, const event::RecordNotWritten& not_written) {
    State& state = transition.state;
    auto writing = finished_writing(state, not_written.write_id);
    if (!writing) return;
    const bool is_news = !state.write_failed && writing->pending_replies.empty();
    state.write_failed = true;
    adopt(state, writing->record);
    publish(transition);
    answer(transition, writing->pending_replies, Code::storage_failed);
    if (is_news) send_error_notice(transition, Code::storage_failed);
    if (writing->ends_session) store_tombstone(transition, writing->record, {});
    go_on(transition);
}

void tombstone_stored(Transition& transition, const event::TombstoneStored& kept) {
    auto& keeping = transition.state.tombstone_writes;
    const auto found = std::find_if(keeping.begin(), keeping.end(),
                                    [&](const TombstoneWrite& each) { return each.write_id == kept.write_id; });
    if (found == keeping.end()) return;
    const TombstoneWrite done = *found;
    keeping.erase(found);
    answer(transition, done.pending_replies, std::nullopt);
}

}  // namespace lockstep
