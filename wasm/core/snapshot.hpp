// What an app is shown: PROTOCOL §3. A pure view of the state; two equal snapshots are never announced twice.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "wasm/core/event.hpp"
#include "wasm/core/record.hpp"
#include "wasm/core/scope.hpp"

namespace lockstep {

enum class Status { signed_in, signed_out, unavailable };

struct Snapshot {
    Status status = Status::signed_out;
    std::optional<EndReason> reason;  // of a signed-out one; without it nobody ever signed in ("never")
    std::string ended_by;
    std::string subject;
    std::optional<std::string> session_id;
    std::string claims;
    std::optional<EpochMs> signed_in_at;
    std::optional<EpochMs> expires_at;
    std::optional<EpochMs> idle_at;
    bool idle_warning = false;  // the user is being warned of the idle end
    Scope scope = Scope::alone;
    Medium medium = Medium::memory;
    Upgrade upgrade = Upgrade::none;
    std::optional<LogicalTimestamp> session;  // the token of an active session
    std::optional<LastEnd> last_end;          // the token of the last end that was an act
    bool operator==(const Snapshot&) const = default;
};

// What happened between two snapshots, for apps that act on changes. `own`: this app's own request did it.
namespace session_event {
struct Login {
    bool own = false;
    bool operator==(const Login&) const = default;
};
struct Logout {
    EndReason reason{};
    std::string ended_by;
    bool own = false;
    bool operator==(const Logout&) const = default;
};
struct UserChange {
    std::string from;
    bool own = false;
    bool operator==(const UserChange&) const = default;
};
struct IdleWarning {
    EpochMs idle_at = 0;
    bool operator==(const IdleWarning&) const = default;
};
struct IdleResume {
    bool operator==(const IdleResume&) const = default;
};
struct ScopeChange {
    Scope from{};
    Scope to{};
    bool operator==(const ScopeChange&) const = default;
};
}  // namespace session_event
using SessionEvent = std::variant<session_event::Login, session_event::Logout, session_event::UserChange,
                                  session_event::IdleWarning, session_event::IdleResume, session_event::ScopeChange>;

[[nodiscard]] std::vector<SessionEvent> session_events_between(const Snapshot& before, const Snapshot& after);

}  // namespace lockstep
