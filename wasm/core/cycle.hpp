// The cycle of one change, which every request, deadline and notification goes through:
//
//   read      an event asks for the record in the store (ask_for_read). RecordRead brings it, and it is merged with the
//             record in memory. Before a session is believed or created the tombstone is read as well (R12).
//   decide    on what was read, in this order: what becomes of a migrated session, a cleared store, a clock that
//             was set right, a passed deadline, the waiting requests, the duty of this hub. Each decision changes one
//             candidate record.
//   write     the candidate, if the store shows another. Nothing else is decided until the outcome is known.
//   publish   what is durable (R5): the app's snapshot and session events, the outcomes of checks, duties; then the
//             replies. An end is stored as a tombstone first, and then replied to.
//
// Nothing is decided anywhere else: the events below, and those that the families receive, only ask for a read.
#pragma once

#include "wasm/core/transition.hpp"

namespace lockstep {

// Read.
void started(Transition& transition, const event::Started& started);
void store_changed(Transition& transition, const event::StoreChanged& changed);
void store_cleared(Transition& transition);
void cookie_gone(Transition& transition, const event::CookieGone& gone);
void record_read(Transition& transition, const event::RecordRead& read);
void tombstone_read(Transition& transition, const event::TombstoneRead& read);

// Publish, after a write.
void record_written(Transition& transition, const event::RecordWritten& written);
void record_not_written(Transition& transition, const event::RecordNotWritten& not_written);

}  // namespace lockstep
