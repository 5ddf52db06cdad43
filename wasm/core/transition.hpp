// One step in progress: the state being changed, the time, and the effects so far. The families of decisions share it;
// nothing outside wasm/core sees it.
#pragma once

#include <optional>
#include <utility>

#include "wasm/core/state.hpp"

namespace lockstep {

struct Transition {
    State& state;
    EpochMs now;
    Effects effects;

    void emit(Effect effect) { effects.push_back(std::move(effect)); }
};

// decide_app.cpp: handshakes, floods, goodbyes.
void hello_received(Transition& transition, const event::HelloReceived& hello);
void goodbye_received(Transition& transition, const event::GoodbyeReceived& goodbye);
void refused_at_the_door(Transition& transition, const event::Refused& refused);
void login_received(Transition& transition, const event::LoginReceived& login);
void logout_received(Transition& transition, const event::LogoutReceived& logout);
void touch_received(Transition& transition, const event::TouchReceived& touch);
void check_received(Transition& transition, const event::CheckReceived& check);
void duties_received(Transition& transition, const event::DutiesReceived& duties);
void scope_requested(Transition& transition, const event::ScopeRequested& request);
void allows_received(Transition& transition, const event::AllowsReceived& allows);
void outcome_received(Transition& transition, const event::OutcomeReceived& outcome);
void wake_received(Transition& transition, const event::WakeReceived& wake);
// Tells the app what it does not know yet. Silent while a write is under way (R5).
void announce(Transition& transition);
void reply(Transition& transition, PortId port, RequestId id, std::optional<Code> refused,
           std::optional<Outcome> outcome = std::nullopt);
void send_error_notice(Transition& transition, Code code);

// decide_request.cpp: what a request makes of the stored session. Each returns the refusal, or nothing and changes
// `candidate`.
[[nodiscard]] std::optional<Code> decide_login(Transition& transition, const event::LoginReceived& login,
                                               std::optional<Record>& candidate);
void decide_logout(Transition& transition, const event::LogoutReceived& logout, std::optional<Record>& candidate);
void decide_touch(const Transition& transition, std::optional<Record>& candidate);
[[nodiscard]] LogicalTimestamp next_timestamp(Transition& transition);

// decide_check.cpp: who asks for a check, and what its outcome makes of the session (R7).
void ask_for_check(Transition& transition, const event::CheckReceived& check, std::optional<Record>& candidate);
void decide_outcome(Transition& transition, const event::OutcomeReceived& outcome, std::optional<Record>& candidate);
void answer_checks(Transition& transition);
[[nodiscard]] std::optional<EpochMs> next_check_at(const State& state, const Record& record, EpochMs now);
[[nodiscard]] std::optional<EpochMs> check_answer_at(const State& state);

// decide_duty.cpp: which tab acts for all (R6).
[[nodiscard]] bool may_act(const State& state, DutyKind kind);
[[nodiscard]] std::optional<EpochMs> duty_deadline(const State& state, EpochMs now);
[[nodiscard]] EpochMs failed_at(const Duty& duty);
[[nodiscard]] bool is_claim_current(const State& state, const std::optional<Record>& record, EpochMs now);
void want_duty(Transition& transition, Record& candidate);
void conclude(Duty& duty, EpochMs now);
void fail(const State& state, Duty& duty, EpochMs now);
void decide_duty(Transition& transition, std::optional<Record>& candidate);
void take_up_duty(Transition& transition);
void begin_duty(Transition& transition);
void lock_answered(Transition& transition, const event::LockAnswered& answered);
void lock_lost(Transition& transition);
void leaving(Transition& transition);
void woke(Transition& transition);
void visibility_changed(Transition& transition, const event::VisibilityChanged& changed);
void drop_duty(Transition& transition);

// decide_scope.cpp: which store, and how the session comes along.
void use_widest_store(Transition& transition, const StorageCapabilities& storage);
void storage_capabilities_changed(Transition& transition, const event::StorageCapabilitiesChanged& changed);
// What this hub holds for true is not of the store in use: that one has been left, or was blocked when the session came
// along, whose birth then counts from nothing that stands there. At the next look that shows something the session
// comes along, and nothing is merged.
void begin_migration(Transition& transition);
void finish_migration(Transition& transition, std::optional<Record>& candidate);
// An app that has not been told yet of a change of store names the session by its birth in the store before.
[[nodiscard]] bool refers_to(const State& state, const LogicalTimestamp& named, const LogicalTimestamp& created);

// decide_deadline.cpp: absolute times, compared at every event (R8).
[[nodiscard]] std::optional<EpochMs> expires_at(const State& state, const Record& record);
[[nodiscard]] std::optional<EpochMs> idle_at(const State& state, const Record& record);
void end_when_due(const Transition& transition, std::optional<Record>& candidate);
[[nodiscard]] bool has_passed_end(const State& state, EpochMs now);
[[nodiscard]] bool warns_of_idle_end(const State& state, EpochMs now);
[[nodiscard]] bool is_due(const State& state, EpochMs now);
enum class Basis { fresh_read, memory };  // whether this event brought what the store holds now
void mind_deadlines(Transition& transition, Basis basis);

// decide_store.cpp: reading, writing, keeping.
void ask_for_read(Transition& transition);
void end_when_cleared(Transition& transition, std::optional<Record>& candidate);
void started(Transition& transition, const event::Started& started);
void store_changed(Transition& transition, const event::StoreChanged& changed);
void store_cleared(Transition& transition);
void record_read(Transition& transition, const event::RecordRead& read);
void record_written(Transition& transition, const event::RecordWritten& written);
void record_not_written(Transition& transition, const event::RecordNotWritten& not_written);
void tombstone_read(Transition& transition, const event::TombstoneRead& read);
void tombstone_stored(Transition& transition, const event::TombstoneStored& kept);

// snapshot.cpp: the story between what an app was told and what it is told now.
[[nodiscard]] std::vector<SessionEvent> session_events_between(const Snapshot& before, const Snapshot& after);

}  // namespace lockstep
