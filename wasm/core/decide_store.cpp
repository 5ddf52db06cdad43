// Reading, merging and writing the one record. Three promises are kept here: absent is not signed out (R4), durable
// before announced (R5), and an end is kept where a killed browser does not lose it (R12).
#include <algorithm>
#include <utility>

#include "wasm/core/match.hpp"
#include "wasm/core/turn.hpp"

namespace lockstep {
namespace {

// Takes in what a look at a store showed. Nothing is ever forgotten here: a look that shows less than memory changes nothing.
void absorb(State& state, const Read& read) {
    const auto believe = [&](const Record& record) {
        state.revision_seen = std::max(state.revision_seen, highest_revision(record));
        state.record = state.record ? merge(*state.record, record) : record;
    };
    match(
        read, [&](const Record& record) { believe(record); }, [](const read::Absent&) {}, [](const read::Unreadable&) {},
        [](const read::Newer&) {}, [](const read::Blocked&) {});
}

void look_at_store(State& state, const Read& read) {
    absorb(state, read);
    const Record* record = std::get_if<Record>(&read);
    state.stored = record ? std::optional(*record) : std::nullopt;
    state.outdated = std::holds_alternative<read::Newer>(read);
    state.store_blocked = std::holds_alternative<read::Blocked>(read);
}

// Decides every waiting request in turn, each on what the one before made of the session.
[[nodiscard]] std::vector<Receipt> decide_requests(Turn& turn, std::optional<Record>& candidate) {
    std::vector<Receipt> receipts;
    for (const Request& request : std::exchange(turn.state.requests, {})) {
        match(
            request,
            [&](const event::LoginReceived& login) {
                const auto refused = turn.state.outdated ? Code::hub_outdated : decide_login(turn, login, candidate);
                if (refused) {
                    reply(turn, login.port, login.id, refused);
                } else {
                    receipts.push_back({login.port, login.id});
                }
            },
            [&](const event::LogoutReceived& logout) {
                if (turn.state.outdated) {
                    reply(turn, logout.port, logout.id, Code::hub_outdated);
                } else {
                    decide_logout(turn, logout, candidate);
                    receipts.push_back({logout.port, logout.id});
                }
            },
            [&](const Touch&) { decide_touch(turn, candidate); },
            [&](const event::CheckReceived& check) { ask_for_check(turn, check, candidate); },
            [&](const event::OutcomeReceived& outcome) { decide_outcome(turn, outcome, candidate); },
            [&](const ScopeRequest& asked) {
                receipts.push_back({asked.port, asked.id});
            });
    }
    return receipts;
}

void answer(Turn& turn, const std::vector<Receipt>& receipts, std::optional<Code> refused) {
    for (const Receipt& receipt : receipts) reply(turn, receipt.port, receipt.id, refused);
}

void keep_end(Turn& turn, const Record& record, std::vector<Receipt> receipts) {
    const Ticket ticket = ++turn.state.ticket_last;
    turn.state.keeping_ends.push_back({ticket, std::move(receipts)});
    turn.emit(effect::KeepEnd{ticket, record});
}

// The change is decided; now it must become durable. Memory takes it over when the outcome is known (R5).
void write(Turn& turn, Record&& record, std::vector<Receipt> receipts) {
    State& state = turn.state;
    const bool ends = !is_active(record) && (!state.record || is_active(*state.record) || state.record->born != record.born);
    state.writing = Writing{++state.ticket_last, record, std::move(receipts), ends};
    turn.emit(effect::WriteRecord{state.writing->ticket, std::move(record)});
}

void settle(State& state, const Record& decided) {
    state.record = state.record ? merge(*state.record, decided) : decided;
    state.revision_seen = std::max(state.revision_seen, highest_revision(decided));
}

// All that waited for the record to be durable (R5).
void speak(Turn& turn) {
    // R8: a frozen page hears late that its write was done. What has ended by then is not told as active any more: the next look ends it.
    if (has_passed_end(turn.state, turn.now)) return ask_for_read(turn);
    announce(turn);
    answer_checks(turn);
    begin_duty(turn);
    take_up_duty(turn);
}

void run_decisions(Turn& turn) {
    State& state = turn.state;
    std::optional<Record> candidate = state.record;
    if (!state.outdated) {
        carry_over(turn, candidate);
        end_when_cleared(turn, candidate);
        end_when_due(turn, candidate);
    }
    std::vector<Receipt> receipts = decide_requests(turn, candidate);
    decide_duty(turn, candidate);
    const bool changes_store = candidate && candidate != state.stored && !state.outdated;
    if (changes_store && !state.store_blocked) {  // after a refused write too: this is how a full store heals
        write(turn, std::move(*candidate), std::move(receipts));
        return;
    }
    // Nothing to store, or nowhere: with storage blocked the session lives in this document alone, and the scope says so.
    if (changes_store) {
        settle(state, *candidate);
    } else {
        state.write_failed = false;
    }
    speak(turn);
    answer(turn, receipts, std::nullopt);
}

enum class Sight { first, later };  // of what the store holds

// R12: a browser that was killed may have lost the end and show the session still, so a first look at a session is not believed
// alone. It may have lost the whole record as well: then a session must not be born before the kept end is known, since one that
// counts from less would be taken for older than that end, and be ended by it at the next start (R2, R3).
[[nodiscard]] bool must_know_kept_end(const State& state, Sight sight) {
    if (state.kept_end_known) return false;
    const auto is_login = [](const Request& request) { return std::holds_alternative<event::LoginReceived>(request); };
    const bool shows_session = sight == Sight::first && state.record && is_active(*state.record);
    const bool brings_session = state.left && is_active(*state.left);
    return shows_session || brings_session || std::any_of(state.requests.begin(), state.requests.end(), is_login);
}

[[nodiscard]] std::optional<Writing> finished_writing(State& state, Ticket ticket) {
    if (!state.writing || state.writing->ticket != ticket) return std::nullopt;
    return std::exchange(state.writing, std::nullopt);
}

void go_on(Turn& turn) {
    if (!turn.state.requests.empty() || turn.state.placement_next) ask_for_read(turn);
}

}  // namespace

void ask_for_read(Turn& turn) {
    if (turn.state.reading) return;
    turn.state.reading = true;
    turn.emit(effect::ReadRecord{});
}

// R4: an explicit clear ends the session that was known when it was seen, and none born after it (R2).
void end_when_cleared(Turn& turn, std::optional<Record>& candidate) {
    const auto cleared = std::exchange(turn.state.cleared_session, std::nullopt);
    if (!cleared || !candidate || !is_active(*candidate) || candidate->born != *cleared) return;
    candidate = ended_copy(*candidate, End{EndReason::cleared, "", turn.now}, next_stamp(turn));
}

void started(Turn& turn, const event::Started& started) {
    State& state = turn.state;
    if (state.phase != Phase::created) return;
    state.writer = started.writer;
    state.phase = Phase::reading;
    use_widest_store(turn, started.placement);
    state.visible = started.visible;
    state.flood.refilled_at = turn.now;
    ask_for_read(turn);
}

// R10: the event's value may be the loser of a race, so it is never applied. But it may also be an end that was overwritten by a tab that
// had not seen it, and whose writer is gone: nobody else would put it back. It is merged, and the join sorts out which of the two it is.
void store_changed(Turn& turn, const event::StoreChanged& changed) {
    if (turn.state.came_unseen && std::holds_alternative<Record>(changed.shown)) set_out(turn);
    absorb(turn.state, changed.shown);
    ask_for_read(turn);
}

void store_cleared(Turn& turn) {
    const State& state = turn.state;
    if (state.record && is_active(*state.record)) turn.state.cleared_session = state.record->born;
    ask_for_read(turn);
}

void record_read(Turn& turn, const event::RecordRead& read) {
    State& state = turn.state;
    if (!state.reading) return;
    state.reading = false;
    if (state.came_unseen && !std::holds_alternative<read::Blocked>(read.read)) {
        if (state.phase == Phase::reconciling) return;  // the kept end is looked at first
        set_out(turn);
    }
    look_at_store(state, read.read);
    const Sight sight = state.store_seen ? Sight::later : Sight::first;
    state.store_seen = state.store_seen || !(state.outdated || state.store_blocked);
    // A look that was asked for before the kept end came is not yet the one to decide on.
    if (state.phase == Phase::reading || state.phase == Phase::moving || (state.phase == Phase::reconciling && state.kept_end_known))
        state.phase = Phase::running;
    if (state.phase != Phase::running || state.writing) return;
    if (must_know_kept_end(state, sight)) {
        state.phase = Phase::reconciling;
        turn.emit(effect::ReadKeptEnd{});
        return;
    }
    if (const auto placement = std::exchange(state.placement_next, std::nullopt)) use_widest_store(turn, *placement);
    if (state.phase == Phase::moving) return ask_for_read(turn);
    run_decisions(turn);
}

void kept_end_read(Turn& turn, const event::KeptEndRead& read) {
    State& state = turn.state;
    if (state.phase != Phase::reconciling || state.kept_end_known) return;
    if (state.came_unseen) set_out(turn);
    absorb(state, read.read);
    state.kept_end_known = true;
    ask_for_read(turn);  // the disk may have taken long, and nothing is decided on an old look
}

void record_written(Turn& turn, const event::RecordWritten& written) {
    State& state = turn.state;
    auto writing = finished_writing(state, written.ticket);
    if (!writing) return;
    state.stored = writing->record;
    state.write_failed = false;
    settle(state, writing->record);
    speak(turn);
    if (writing->ends_session) {
        keep_end(turn, writing->record, std::move(writing->receipts));
    } else {
        answer(turn, writing->receipts, std::nullopt);
    }
    go_on(turn);
}

void record_not_written(Turn& turn, const event::RecordNotWritten& not_written) {
    State& state = turn.state;
    auto writing = finished_writing(state, not_written.ticket);
    if (!writing) return;
    const bool is_news = !state.write_failed && writing->receipts.empty();
    state.write_failed = true;
    settle(state, writing->record);
    speak(turn);
    answer(turn, writing->receipts, Code::storage_failed);
    if (is_news) report(turn, Code::storage_failed);
    if (writing->ends_session) keep_end(turn, writing->record, {});
    go_on(turn);
}

void end_kept(Turn& turn, const event::EndKept& kept) {
    auto& keeping = turn.state.keeping_ends;
    const auto found = std::find_if(keeping.begin(), keeping.end(), [&](const KeepingEnd& each) { return each.ticket == kept.ticket; });
    if (found == keeping.end()) return;
    const KeepingEnd done = *found;
    keeping.erase(found);
    answer(turn, done.receipts, std::nullopt);
}

}  // namespace lockstep
