#include "wasm/core/scope.hpp"

#include <algorithm>

namespace lockstep {

Scope scope_of(const Config& config, const Placement& placement, std::string_view parent_origin, Medium medium) {
    if (medium == Medium::memory) return Scope::alone;
    if (!same_site(config, parent_origin)) return Scope::partitioned;
    if (!placement.parent_is_top) {
        // A foreign page anywhere above splits the storage, even when the top is same-site again. Without the list of
        // ancestors nothing is known, and nothing known is not claimed.
        if (!placement.ancestor_origins) return Scope::partitioned;
        const auto is_same_site = [&](const std::string& origin) { return same_site(config, origin); };
        const auto& ancestors = *placement.ancestor_origins;
        if (!std::all_of(ancestors.begin(), ancestors.end(), is_same_site)) return Scope::partitioned;
    }
    // WebKit splits by top-level origin: there a hub in a same-site page of another origin is told it has no storage access.
    if (placement.storage_access == Evidence::no && parent_origin != placement.hub_origin) return Scope::partitioned;
    return Scope::shared;
}

}  // namespace lockstep
