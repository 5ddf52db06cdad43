// Everything one hub knows. Plain data: copied by tests, hashed by nobody, changed by `step` alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wasm/core/config.hpp"
#include "wasm/core/effect.hpp"
#include "wasm/core/event.hpp"
#include "wasm/core/limits.hpp"
#include "wasm/core/record.hpp"
#include "wasm/core/scope.hpp"
#include "wasm/core/snapshot.hpp"

namespace lockstep {

enum class Phase {
    created,      // nothing is known yet
    reading,      // the first look at the store
    reconciling,  // the tombstone is being read: was a session ended that the store has lost? (R12)
    running,
    migrating,  // the first look at another store
};

// The app at the other end of the current port. One hub serves one parent, so there is one at most.
struct Client {
    PortId port = 0;
    std::string origin;
    Capabilities capabilities;
    std::optional<Snapshot> announced;  // what it was told last; absent until it is welcomed
    std::optional<Snapshot> known;  // the last it knows of the session, before this handshake or an `unavailable` too
    std::optional<LastSeen> last;   // what it showed before this handshake
    bool can_check = false;         // duties it can do for all tabs
    bool can_end = false;
};

// A request that waits for a fresh look at the store: it is decided on what is stored, not on what is remembered.
struct Touch {};
struct ScopeRequest {
    PortId port = 0;
    RequestId id = 0;
};
using Request = std::variant<event::LoginReceived, event::LogoutReceived, Touch, event::CheckReceived,
                             event::OutcomeReceived, ScopeRequest>;

// Somebody waits for the outcome of a check.
struct WaitingCheck {
    PortId port = 0;
    RequestId id = 0;
    std::uint64_t created = 0;  // revision of the session that was asked about
    std::uint64_t after = 0;    // the outcome of a claim with a later revision counts
    EpochMs asked_at = 0;
};

// The duty this hub has taken up, or is about to (R6).
enum class DutyStage {
    locking,   // the lock was asked for
    locked,    // it is held, or there are no locks: to be claimed on a fresh look
    claiming,  // the claim is being stored
    settling,  // without a lock: stored, and to be looked at again
    acting,    // the app, or the hub's own check, is at work
};
struct OwnDuty {
    DutyStage stage{};
    DutyKind kind{};
    CheckReason check_reason{};
    bool has_lock = false;
    std::uint64_t revision = 0;  // of the claim's epoch; its writer is this hub
    EpochMs until = 0;           // settling, acting
    PortId port = 0;             // whom it was given to; 0: the hub's own check
    CallId call = 0;
};

// One session, born anew in another store.
struct MigratedSession {
    LogicalTimestamp before;
    LogicalTimestamp now;
};

// Who is to be answered once a write has succeeded or failed.
struct PendingReply {
    PortId port = 0;
    RequestId id = 0;
};

struct Writing {
    WriteId write_id = 0;
    Record record;
    std::vector<PendingReply> pending_replies;
    bool ends_session = false;
};

struct TombstoneWrite {
    WriteId write_id = 0;
    std::vector<PendingReply> pending_replies;
};

// Tokens of messages the app may still send at once; refilled with time.
struct RateLimiter {
    std::int64_t tokens = limits::rate_burst;
    EpochMs refilled_at = 0;
};

struct State {
    Config config;
    std::string writer;
    StorageCapabilities storage;
    Phase phase = Phase::created;

    std::optional<Record> record;     // what this hub holds for true: read from the store, or durably written
    std::optional<Record> stored;     // what the store showed last
    std::uint64_t revision_seen = 0;  // the highest in any record, winner or loser (R3)
    std::optional<LogicalTimestamp> cleared_session;  // an explicit clear was seen while this session was known (R4)
    bool store_seen = false;       // a look was neither refused nor at a format that only a newer hub reads
    bool tombstone_known = false;  // it was asked for, once, and answered (R12)
    bool store_blocked = false;    // the browser refuses access to the store
    bool write_failed = false;     // it refused the last write (quota), so this document is on its own
    bool outdated = false;         // the store holds a format of a newer hub

    Medium medium = Medium::local_storage;            // where records are read and written, when the browser lets it
    std::optional<StorageCapabilities> storage_next;  // it counts when the store in use has been looked at once more
    std::optional<Record> migration_source;           // what this hub held for true in the store it has left
    bool migrated_blind = false;                      // the session came along into a store that could not be looked at
    std::optional<MigratedSession> migrated_session;  // the session that has come along
    std::optional<ScopeRequest> scope_request;        // until the user has answered

    std::optional<Client> client;
    RateLimiter rate_limiter;
    std::vector<Request> requests;
    std::optional<Writing> writing;
    std::vector<TombstoneWrite> tombstone_writes;
    bool reading = false;
    WriteId write_id_last = 0;

    std::optional<OwnDuty> own_duty;
    std::vector<WaitingCheck> waiting_checks;
    // Revision of the session whose end was decided in this hub, which is then the first to end it at the provider.
    std::uint64_t ended_here = 0;
    bool lock_asked =
        false;  // and not answered yet, even if its duty is gone: a second request could take over the first
    std::optional<EpochMs> lock_busy_until;
    std::uint64_t retried_early =
        0;  // revision of the failed claim after which the page woke or came online again: it need not wait
    bool visible = true;
    bool leaving = false;
    CallId call_last = 0;

    bool idle_warned = false;
    std::optional<EpochMs> timer_at;
};

struct Step {
    State state;
    Effects effects;
};

[[nodiscard]] State initial_state(Config config);

// The whole machine: pure and total. Same state, time and event, same effects. `now` is wall-clock time and is only
// ever compared with deadlines; it orders nothing (R3, R8).
[[nodiscard]] Step step(State state, EpochMs now, const Event& event);
// The same where the state is, for a hub that has only one: moving it is a part of the module's size.
[[nodiscard]] Effects advance(State& state, EpochMs now, const Event& event);

[[nodiscard]] Medium medium_of(const State& state);

// What an app would be told in this state.
[[nodiscard]] Snapshot snapshot_of(const State& state);

// The first broken invariant, in words, or nothing. Tests call it after every step.
[[nodiscard]] std::optional<std::string_view> violated(const State& state);

}  // namespace lockstep
