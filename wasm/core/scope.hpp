// Whom this tab is in lockstep with, and by what. Browsers split a frame's storage by top-level site (WebKit: by
// top-level origin), and no API shows it. So nothing is concluded from names: the page probes what the browser offers,
// and a medium counts by what was written and read back.
#pragma once

#include <string_view>

#include "wasm/core/config.hpp"

namespace lockstep {

enum class Scope { shared, partitioned, alone };
enum class Medium { local_storage, storage_access, cookie, memory };
enum class Upgrade { none, gesture, denied, unsupported };

// What document.requestStorageAccess gave: nothing, the very backend that the frame has anyway, or the first party's,
// which is another.
enum class Handle { none, own_storage, first_party };
// May the user be asked for more?
enum class Asking { possible, denied, useless };

// What the probes of this browser have shown.
struct StorageCapabilities {
    Handle handle = Handle::none;
    // The mark of whoever had a handle is there. With a handle: all of it. Without: in the frame's own storage, which
    // is the first party's then.
    bool marked = false;
    bool marked_elsewhere = false;  // without a handle: others use a storage that bears the mark, and this one does not
    bool record_in_cookie = false;  // with a handle: hubs without one were here first, and have left a record
    bool cookie = false;         // the first party's cookie can be written, is read back, and its change event arrives
    bool met_other_top = false;  // hubs below another top-level origin write to the frame's own backend, too
    Asking asking = Asking::useless;
    bool parent_is_top = true;
    bool operator==(const StorageCapabilities&) const = default;
};

// The medium with the widest reach.
[[nodiscard]] Medium widest_medium(const StorageCapabilities& storage);
[[nodiscard]] Scope scope_of(const Config& config, const StorageCapabilities& storage, std::string_view parent_origin,
                             Medium medium);
// Whoever has proof leaves it for those who cannot have a handle. PROTOCOL §4.2, "One store".
[[nodiscard]] bool must_mark(const StorageCapabilities& storage);
// Nobody may use the cookie any more, since there is a wider store that others use.
[[nodiscard]] bool must_abandon_cookie(const StorageCapabilities& storage);
[[nodiscard]] Upgrade upgrade_of(const StorageCapabilities& storage, Scope scope);

}  // namespace lockstep
