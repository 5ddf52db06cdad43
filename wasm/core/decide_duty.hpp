// One tab acts for all (R6): no permanent leader, no heartbeat. When a duty falls due a hub claims it, visible tabs
// first. A claim has an epoch, which fences late outcomes, and an end, after which another hub may claim. Where there
// are locks a claim is made under one; elsewhere it settles and is read again, and two that act at once do no harm.
// The stages of a hub's own duty, as a table, are in ARCHITECTURE.md; when a duty is due is in duty_schedule.hpp.
#pragma once

#include <optional>

#include "wasm/core/transition.hpp"

namespace lockstep {

// Events.
void duties_received(Transition& transition, const event::DutiesReceived& duties);
void lock_answered(Transition& transition, const event::LockAnswered& answered);
void lock_lost(Transition& transition);

// The cycle: what a fresh read makes of the duty of this hub, …
void decide_duty(Transition& transition, std::optional<Record>& candidate);
// … what follows once its claim is durable, …
void begin_duty(Transition& transition);
// … and whether the durable record asks for one (R5).
void ask_for_duty(Transition& transition);

// Is the record still such that the duty of this hub makes sense, and the claim, once made, still its own?
[[nodiscard]] bool is_claim_current(const State& state, const std::optional<Record>& record, EpochMs now);
void want_duty(Transition& transition, Record& candidate);
void conclude(Duty& duty, EpochMs now);
void fail(const State& state, Duty& duty, EpochMs now);
void drop_duty(Transition& transition);

}  // namespace lockstep
