// Does the session still live? Every request for a check gets the outcome of one check that all tabs share, and only a
// provider that answers no ends the session (R7). A check that failed is tried again, later each time, until the
// session expires by itself.
#pragma once

#include <optional>

#include "wasm/core/transition.hpp"

namespace lockstep {

void check_received(Transition& transition, const event::CheckReceived& check);
void decide_check(Transition& transition, const event::CheckReceived& check, std::optional<Record>& candidate);

void outcome_received(Transition& transition, const event::OutcomeReceived& outcome);
void decide_outcome(Transition& transition, const event::OutcomeReceived& outcome, std::optional<Record>& candidate);

// Answers the requests whose check has an outcome, or that have waited long enough.
void answer_checks(Transition& transition);
// When the next waiting request is answered at the latest.
[[nodiscard]] std::optional<EpochMs> check_answer_at(const State& state);

}  // namespace lockstep
