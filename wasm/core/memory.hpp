// The record in memory: merged with whatever a read or a notification shows. Two things that a store may show are not
// believed: a time that lies in the future (R8), and a revision that cannot have come from counting (R3).
#pragma once

#include "wasm/core/state.hpp"

namespace lockstep {

// Merges what was shown into memory. Nothing is ever forgotten here: what shows less than memory changes nothing (R4).
void merge_read(State& state, const Read& read, EpochMs now);

// The same for a read of the store in use, which also shows how that store is.
void read_store(State& state, const Read& read, EpochMs now);

// The decided record is the one in memory from now on.
void adopt(State& state, const Record& decided, EpochMs now);

}  // namespace lockstep
