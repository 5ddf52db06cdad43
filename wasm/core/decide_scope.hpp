// The app asks the user for a wider store: the hub shows a button, since browsers want the user's gesture in its frame.
// What the browser then gives comes as `storage_capabilities_changed` (decide_migration.hpp), which answers the app.
#pragma once

#include "wasm/core/transition.hpp"

namespace lockstep {

void scope_requested(Transition& transition, const event::ScopeRequested& request);

}  // namespace lockstep
