// Which store is used, and what becomes of the session when another one is. The state machine is in migration.hpp.
#pragma once

#include <optional>

#include "wasm/core/transition.hpp"

namespace lockstep {

void storage_capabilities_changed(Transition& transition, const event::StorageCapabilitiesChanged& changed);

// The first store of this hub. A session that hubs without a handle have left in the cookie is migrated from there.
void use_first_store(Transition& transition, const StorageCapabilities& storage);

// Uses the widest store that these capabilities allow. If that is another one, its first read has yet to come.
void use_widest_store(Transition& transition, const StorageCapabilities& storage);

// The record that this hub holds belongs to another store than the one in use, or to none: nothing is merged with it,
// and the next read that shows something decides what becomes of it.
void begin_migration(Transition& transition);

// Places the pending session in the store in use.
void finish_migration(Transition& transition, std::optional<Record>& candidate);

}  // namespace lockstep
