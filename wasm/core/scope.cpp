#include "wasm/core/scope.hpp"

namespace lockstep {

Medium widest_medium(const StorageCapabilities& storage) {
    if (storage.handle == Handle::first_party) return Medium::storage_access;
    if (storage.cookie && !must_abandon_cookie(storage)) return Medium::cookie;
    return Medium::local_storage;
}

bool must_mark(const StorageCapabilities& storage) { return storage.handle != Handle::none && !storage.marked; }

bool must_abandon_cookie(const StorageCapabilities& storage) {
    return storage.handle != Handle::none || storage.marked || storage.marked_elsewhere;
}

Scope scope_of(const Config& config, const StorageCapabilities& storage, std::string_view parent_origin,
               Medium medium) {
    switch (medium) {
        case Medium::memory: return Scope::alone;
        case Medium::storage_access:
        case Medium::cookie: return Scope::shared;
        case Medium::local_storage: break;
    }
    if (storage.handle == Handle::own_storage || storage.marked) return Scope::shared;
    // Where the browser has no such proof (plain http), hubs that met below two origins of this site prove it: the
    // backend is split neither by origin nor by site. A page between could be of another site, which splits it again.
    const bool has_met = storage.met_other_top && storage.parent_is_top && same_site(config, parent_origin);
    return has_met ? Scope::shared : Scope::partitioned;
}

Upgrade upgrade_of(const StorageCapabilities& storage, Scope scope) {
    if (scope == Scope::shared) return Upgrade::none;
    switch (storage.asking) {
        case Asking::possible: return Upgrade::gesture;
        case Asking::denied: return Upgrade::denied;
        case Asking::useless: return Upgrade::unsupported;
    }
    return Upgrade::unsupported;
}

}  // namespace lockstep
