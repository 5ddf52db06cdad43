// One step in progress: the state being changed, the time, and the effects so far. The families of decisions share it;
// nothing outside wasm/core sees it.
#pragma once

#include <optional>
#include <utility>

#include "wasm/core/state.hpp"

namespace lockstep {

struct Turn {
    State& state;
    EpochMs now;
    Effects effects;

    void emit(Effect effect) { effects.push_back(std::move(effect)); }
};

// decide_app.cpp: handshakes, floods, goodbyes.
void hello_received(Turn& turn, const event::HelloReceived& hello);
void goodbye_received(Turn& turn, const event::GoodbyeReceived& goodbye);
void refused_at_the_door(Turn& turn, const event::Refused& refused);
void login_received(Turn& turn, const event::LoginReceived& login);
void logout_received(Turn& turn, const event::LogoutReceived& logout);
void touch_received(Turn& turn, const event::TouchReceived& touch);
void check_received(Turn& turn, const event::CheckReceived& check);
void duties_received(Turn& turn, const event::DutiesReceived& duties);
void scope_requested(Turn& turn, const event::ScopeRequested& request);
void allows_received(Turn& turn, const event::AllowsReceived& allows);
void outcome_received(Turn& turn, const event::OutcomeReceived& outcome);
void wake_received(Turn& turn, const event::WakeReceived& wake);
// Tells the app what it does not know yet. Silent while a write is under way (R5).
void announce(Turn& turn);
void reply(Turn& turn, PortId port, RequestId id, std::optional<Code> refused, std::optional<Outcome> outcome = std::nullopt);
void report(Turn& turn, Code code);

// decide_request.cpp: what a request makes of the stored session. Each returns the refusal, or nothing and changes `candidate`.
[[nodiscard]] std::optional<Code> decide_login(Turn& turn, const event::LoginReceived& login, std::optional<Record>& candidate);
void decide_logout(Turn& turn, const event::LogoutReceived& logout, std::optional<Record>& candidate);
void decide_touch(const Turn& turn, std::optional<Record>& candidate);
[[nodiscard]] Stamp next_stamp(Turn& turn);

// decide_check.cpp: who asks for a check, and what its outcome makes of the session (R7).
void ask_for_check(Turn& turn, const event::CheckReceived& check, std::optional<Record>& candidate);
void decide_outcome(Turn& turn, const event::OutcomeReceived& outcome, std::optional<Record>& candidate);
void answer_checks(Turn& turn);
[[nodiscard]] std::optional<EpochMs> next_check_at(const State& state, const Record& record, EpochMs now);
[[nodiscard]] std::optional<EpochMs> check_answer_at(const State& state);

// decide_duty.cpp: which tab acts for all (R6).
[[nodiscard]] bool may_act(const State& state, DutyKind kind);
[[nodiscard]] std::optional<EpochMs> duty_deadline(const State& state, EpochMs now);
[[nodiscard]] EpochMs failed_at(const Duty& duty);
[[nodiscard]] bool stands(const State& state, const std::optional<Record>& record, EpochMs now);
void want_duty(Turn& turn, Record& candidate);
void conclude(Duty& duty, EpochMs now);
void fail(const State& state, Duty& duty, EpochMs now);
void decide_duty(Turn& turn, std::optional<Record>& candidate);
void take_up_duty(Turn& turn);
void begin_duty(Turn& turn);
void lock_answered(Turn& turn, const event::LockAnswered& answered);
void lock_lost(Turn& turn);
void leaving(Turn& turn);
void woke(Turn& turn);
void visibility_changed(Turn& turn, const event::VisibilityChanged& changed);
void drop_duty(Turn& turn);

// decide_scope.cpp: which store, and how the session comes along.
void use_widest_store(Turn& turn, const Placement& placement);
void placement_changed(Turn& turn, const event::PlacementChanged& changed);
// What this hub holds for true is not of the store in use: that one has been left, or was blocked when the session came along, whose birth
// then counts from nothing that stands there. At the next look that shows something the session comes along, and nothing is merged.
void set_out(Turn& turn);
void carry_over(Turn& turn, std::optional<Record>& candidate);
// An app that has not been told yet of a change of store names the session by its birth in the store before.
[[nodiscard]] bool names(const State& state, const Stamp& named, const Stamp& born);

// decide_deadline.cpp: absolute times, compared at every event (R8).
[[nodiscard]] std::optional<EpochMs> expires_at(const State& state, const Record& record);
[[nodiscard]] std::optional<EpochMs> idle_at(const State& state, const Record& record);
void end_when_due(const Turn& turn, std::optional<Record>& candidate);
[[nodiscard]] bool has_passed_end(const State& state, EpochMs now);
[[nodiscard]] bool warns_of_idle_end(const State& state, EpochMs now);
[[nodiscard]] bool is_due(const State& state, EpochMs now);
enum class Look { fresh, old };  // whether this event brought what the store holds now
void mind_deadlines(Turn& turn, Look look);

// decide_store.cpp: reading, writing, keeping.
void ask_for_read(Turn& turn);
void end_when_cleared(Turn& turn, std::optional<Record>& candidate);
void started(Turn& turn, const event::Started& started);
void store_changed(Turn& turn, const event::StoreChanged& changed);
void store_cleared(Turn& turn);
void record_read(Turn& turn, const event::RecordRead& read);
void record_written(Turn& turn, const event::RecordWritten& written);
void record_not_written(Turn& turn, const event::RecordNotWritten& not_written);
void kept_end_read(Turn& turn, const event::KeptEndRead& read);
void end_kept(Turn& turn, const event::EndKept& kept);

// snapshot.cpp: the story between what an app was told and what it is told now.
[[nodiscard]] std::vector<Notice> notices_between(const Snapshot& before, const Snapshot& after);

}  // namespace lockstep
