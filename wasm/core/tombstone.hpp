// The durable tombstone (R12): the ended record, stored a second time where a killed browser does not lose it. The
// request that caused the end is answered after that.
#pragma once

#include <vector>

#include "wasm/core/transition.hpp"

namespace lockstep {

void answer(Transition& transition, const std::vector<PendingReply>& pending_replies, std::optional<Code> refused);

void store_tombstone(Transition& transition, const Record& record, std::vector<PendingReply> pending_replies);
void tombstone_stored(Transition& transition, const event::TombstoneStored& stored);

// Whether the tombstone must be read before the record that was just read can be decided on.
enum class ReadOrder { first, later };  // of what the store holds
[[nodiscard]] bool must_read_tombstone(const State& state, ReadOrder read_order);

}  // namespace lockstep
