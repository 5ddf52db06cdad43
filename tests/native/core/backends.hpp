// Two backends of one browser for the native tests: a part of the storage, below a foreign site, and that of the first
// party.
#pragma once

#include <string>
#include <vector>

#include "tests/native/core/tab.hpp"

namespace lockstep::test {

// A tab of a foreign site, with a part of the storage of its own, and the store of the first party.
struct Backends {
    Store part;
    Store wider;
};

[[nodiscard]] inline Tab guest_in(Store& part, const std::string& writer = "p") {
    Tab tab(part, writer, acme(), partition());
    static_cast<void>(tab.connect(portal));
    return tab;
}

[[nodiscard]] inline Tab home_in(Store& wider) {
    Tab tab(wider, "h");
    static_cast<void>(tab.connect(portal));
    return tab;
}

// The session event where the store is all that changes.
inline const std::vector<SessionEvent> scope_alone{session_event::ScopeChange{Scope::partitioned, Scope::shared}};

}  // namespace lockstep::test
