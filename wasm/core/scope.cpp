#include "wasm/core/scope.hpp"

namespace lockstep {

Medium widest_medium(const Placement& placement) {
    if (placement.handle == Handle::first_party) return Medium::storage_access;
    if (placement.handle == Handle::none && placement.cookie) return Medium::cookie;
    return Medium::local_storage;
}

Scope scope_of(const Config& config, const Placement& placement, std::string_view parent_origin, Medium medium) {
    switch (medium) {
        case Medium::memory: return Scope::alone;
        case Medium::storage_access:
        case Medium::cookie: return Scope::shared;
        case Medium::local_storage: break;
    }
    if (placement.handle == Handle::own_area) return Scope::shared;
    // Where the browser has no such proof (plain http), hubs that met below two origins of this site prove it: the area is split neither by
    // origin nor by site. A page between could be of another site, which splits it again.
    const bool has_met = placement.met_other_top && placement.parent_is_top && same_site(config, parent_origin);
    return has_met ? Scope::shared : Scope::partitioned;
}

Upgrade upgrade_of(const Placement& placement, Scope scope) {
    if (scope == Scope::shared) return Upgrade::none;
    switch (placement.asking) {
        case Asking::possible: return Upgrade::gesture;
        case Asking::denied: return Upgrade::denied;
        case Asking::useless: return Upgrade::unsupported;
    }
    return Upgrade::unsupported;
}

}  // namespace lockstep
