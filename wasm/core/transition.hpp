// The working state of one step, and the primitives that every decision is made of: emit an effect, answer a request,
// count a change, ask for a read. Nothing here decides anything, and nothing outside wasm/core includes it.
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

// Asks for the record in the store in use. RecordRead continues the cycle (cycle.cpp).
void ask_for_read(Transition& transition);

// Answers a request: done, or refused with a code. A request without an id, or of an earlier port, gets no answer.
void reply(Transition& transition, PortId port, RequestId id, std::optional<Code> refused);
void reply_with_outcome(Transition& transition, PortId port, RequestId id, Outcome outcome);

// Sends an error that no request asked for.
void send_error_notice(Transition& transition, Code code);

// The logical timestamp of the next change that this hub decides (R3). At the bound it stays there: what is written
// must be readable.
[[nodiscard]] LogicalTimestamp next_timestamp(Transition& transition);
// The same for a change of this record, whose `updated` never runs backwards.
[[nodiscard]] LogicalTimestamp next_update(Transition& transition, const Record& record);

[[nodiscard]] bool is_current(const State& state, PortId port);

}  // namespace lockstep
