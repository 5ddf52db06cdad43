// Whom this tab is in lockstep with. Claimed only when every fact speaks for it: browsers split storage by top-level
// site (WebKit: by top-level origin), and no API tells (FACTS: the partitioning matrix).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wasm/core/config.hpp"

namespace lockstep {

enum class Scope { shared, partitioned, alone };
enum class Medium { local_storage, memory };
enum class Upgrade { none, unsupported };
enum class Evidence { yes, no, unknown };

// What the browser says about where this hub stands.
struct Placement {
    bool parent_is_top = true;
    std::optional<std::vector<std::string>> ancestor_origins;  // absent where the engine has no such list
    Evidence storage_access = Evidence::unknown;  // document.hasStorageAccess(); `no` in same-site WebKit, which splits by origin
    std::string hub_origin;
};

[[nodiscard]] Scope scope_of(const Config& config, const Placement& placement, std::string_view parent_origin, Medium medium);

}  // namespace lockstep
