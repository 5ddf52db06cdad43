// The names of the core's enumerators in JSON (PROTOCOL.md): one table for each enumeration, used to read and to write.
// A missing case does not compile.
#pragma once

#include <optional>
#include <string_view>

#include "wasm/core/config.hpp"
#include "wasm/core/effect.hpp"
#include "wasm/core/record.hpp"
#include "wasm/core/scope.hpp"
#include "wasm/core/snapshot.hpp"

namespace lockstep::codec {

inline constexpr Capability all_capabilities[] = {Capability::read, Capability::login, Capability::logout,
                                                  Capability::activity};

constexpr std::string_view name_of(Capability capability) {
    switch (capability) {
        case Capability::read: return "read";
        case Capability::login: return "login";
        case Capability::logout: return "logout";
        case Capability::activity: return "activity";
    }
    return {};
}

constexpr std::string_view name_of(EndReason reason) {
    switch (reason) {
        case EndReason::logout: return "logout";
        case EndReason::expired: return "expired";
        case EndReason::idle: return "idle";
        case EndReason::revoked: return "revoked";
        case EndReason::cleared: return "cleared";
    }
    return {};
}

constexpr std::string_view name_of(DutyKind kind) {
    switch (kind) {
        case DutyKind::check: return "check";
        case DutyKind::end: return "end";
    }
    return {};
}

constexpr std::string_view name_of(DutyState state) {
    switch (state) {
        case DutyState::none: return "none";
        case DutyState::wanted: return "wanted";
        case DutyState::claimed: return "claimed";
        case DutyState::unknown: return "unknown";
        case DutyState::done: return "done";
    }
    return {};
}

constexpr std::string_view name_of(CheckReason reason) {
    switch (reason) {
        case CheckReason::expiry: return "expiry";
        case CheckReason::request: return "request";
        case CheckReason::retry: return "retry";
    }
    return {};
}

constexpr std::string_view name_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::active: return "active";
        case Outcome::inactive: return "inactive";
        case Outcome::unknown: return "unknown";
        case Outcome::done: return "done";
    }
    return {};
}

constexpr std::string_view name_of(Status status) {
    switch (status) {
        case Status::signed_in: return "signed-in";
        case Status::signed_out: return "signed-out";
        case Status::unavailable: return "unavailable";
    }
    return {};
}

constexpr std::string_view name_of(Scope scope) {
    switch (scope) {
        case Scope::shared: return "shared";
        case Scope::partitioned: return "partitioned";
        case Scope::alone: return "alone";
    }
    return {};
}

constexpr std::string_view name_of(Medium medium) {
    switch (medium) {
        case Medium::local_storage: return "local-storage";
        case Medium::storage_access: return "storage-access";
        case Medium::cookie: return "cookie";
        case Medium::memory: return "memory";
    }
    return {};
}

constexpr std::string_view name_of(Upgrade upgrade) {
    switch (upgrade) {
        case Upgrade::none: return "none";
        case Upgrade::gesture: return "gesture";
        case Upgrade::denied: return "denied";
        case Upgrade::unsupported: return "unsupported";
    }
    return {};
}

constexpr std::string_view name_of(Code code) {
    switch (code) {
        case Code::malformed: return "malformed";
        case Code::oversized: return "oversized";
        case Code::version: return "version";
        case Code::forbidden: return "forbidden";
        case Code::rate_limited: return "rate-limited";
        case Code::secret_refused: return "secret-refused";
        case Code::session_ended: return "session-ended";
        case Code::hub_outdated: return "hub-outdated";
        case Code::storage_failed: return "storage-failed";
        case Code::replaced: return "replaced";
    }
    return {};
}

// What happened and what to do, for the app's developer. It never repeats input (R13).
constexpr std::string_view message_of(Code code) {
    switch (code) {
        case Code::malformed:
            return "The hub does not understand this message. Use a client and a hub of the same lockstep release.";
        case Code::oversized:
            return "A member is too long. At most: 256 bytes of subject, sessionId and label, 512 of origin, 2,048 of "
                   "style, and of claims as JSON.";
        case Code::version: return "Another protocol version. Use a client and a hub of the same lockstep release.";
        case Code::forbidden:
            return "This origin may not do this. Give it the capability in lockstep.config.json, and deploy the hub "
                   "again.";
        case Code::rate_limited: return "Too many messages. Send at most 20 a second.";
        case Code::secret_refused:
            return "The subject, the sessionId or a claim looks like a token or a password. Leave it out.";
        case Code::session_ended:
            return "Somebody logged out, or the provider ended the session, after this login began. Begin it again; "
                   "where "
                   "a login leaves the page, call beginLogin() first.";
        case Code::hub_outdated:
            return "The stored session was written by a newer hub. Reload the page to get that hub.";
        case Code::storage_failed:
            return "The browser refused to store the change: it holds in this tab only. Let the user allow the hub's "
                   "site to store. Where the session is in a cookie, it may be too long for one: give it fewer claims.";
        case Code::replaced: return "A newer connection of this page took this one's place.";
    }
    return {};
}

// The enumerator of this name. The enumeration must count from 0; the first value without a name ends it.
template <class Enum>
[[nodiscard]] constexpr std::optional<Enum> named(std::string_view name) {
    for (int value = 0; !name_of(static_cast<Enum>(value)).empty(); ++value) {
        if (name_of(static_cast<Enum>(value)) == name) return static_cast<Enum>(value);
    }
    return std::nullopt;
}

[[nodiscard]] constexpr std::optional<Capability> capability_named(std::string_view name) {
    for (const Capability capability : all_capabilities) {
        if (name_of(capability) == name) return capability;
    }
    return std::nullopt;
}

}  // namespace lockstep::codec
