// Everything one hub knows. Plain data: copied by tests, changed by `step` alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "wasm/core/config.hpp"
#include "wasm/core/effect.hpp"
#include "wasm/core/event.hpp"
#include "wasm/core/limits.hpp"
#include "wasm/core/migration.hpp"
#include "wasm/core/record.hpp"
#include "wasm/core/scope.hpp"
#include "wasm/core/snapshot.hpp"

namespace lockstep {

enum class Phase {
    created,      // nothing is known yet
    reading,      // the first read of the store
    reconciling,  // the tombstone is being read: was a session ended that the store has lost? (R12)
    running,
    migrating,  // the first read of another store
};

// The app at the other end of the current port. One hub serves one parent, so there is one at most.
struct Client {
    PortId port = 0;
    std::string origin;
    Capabilities capabilities;
    std::optional<Snapshot> announced;    // what was sent last; absent before the welcome
    std::optional<Snapshot> known;        // the last it knows of the session, from before an `unavailable` too
    std::optional<LastSeen> last;         // what it showed before this handshake
    std::vector<LogicalTimestamp> names;  // of the sessions of this subject that it was sent, one after the other
    bool can_check = false;               // duties it can do for all tabs
    bool can_end = false;
};

// A request that waits for a fresh read: it is decided on what is stored, not on what is in memory.
struct Touch {};
struct ScopeRequest {
    PortId port = 0;
    RequestId id = 0;
};
struct PushedEnd {
    LogicalTimestamp session;
};
using Request = std::variant<event::LoginReceived, event::LogoutReceived, Touch, event::CheckReceived,
                             event::OutcomeReceived, event::WakeReceived, ScopeRequest, PushedEnd>;

// The expiry of this session has passed, and the check that was due before it has no outcome yet.
struct Overdue {
    LogicalTimestamp created;
    EpochMs expires_at = 0;
    EpochMs since = 0;
};

// An end that this hub decided, stored or not: another tab's may have been stored in its place.
struct OwnEnd {
    LogicalTimestamp created;  // of the session that it ended
    EndReason reason = EndReason::logout;
};

// A request that waits for the outcome of a check.
struct WaitingCheck {
    PortId port = 0;
    RequestId id = 0;
    std::uint64_t created = 0;  // revision of the session that was asked about
    std::uint64_t after = 0;    // the outcome of a claim with a later revision counts
    EpochMs asked_at = 0;
};

// The duty of this hub, from the request for its lock on (R6). ARCHITECTURE.md has the stages as a table.
enum class DutyStage {
    locking,   // the lock is asked for
    locked,    // it is held, or there are no locks: to be claimed on a fresh read
    claiming,  // the claim is being stored
    settling,  // without a lock: stored, and to be read again
    acting,    // the app, or the hub's own check, is running
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

// A reply that waits until a write has succeeded or failed.
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
    std::int64_t burst = limits::rate_burst;
    std::int64_t refill_interval_ms = limits::rate_refill_interval_ms;
    std::int64_t tokens = limits::rate_burst;
    EpochMs refilled_at = 0;
    std::int64_t refused = 0;  // messages, since the bucket was full
};

// The lock under which a duty is done. Asked for once at a time, even if the duty is gone by then: a second request
// could steal the lock from the first.
namespace duty_lock {
struct Free {};
struct Asked {};
struct Busy {
    EpochMs until = 0;
};
}  // namespace duty_lock
using DutyLock = std::variant<duty_lock::Free, duty_lock::Asked, duty_lock::Busy>;

// What this hub asks of the server that says when a session has ended. Of all hubs of a browser that ask, one has it.
struct Stream {
    StreamId id = 0;
    LogicalTimestamp session;               // which it is about
    std::optional<std::string> session_id;  // as the server was asked
    EpochMs asked_at = 0;
    std::int64_t failures = 0;         // in a row
    std::optional<EpochMs> opened_at;  // by this hub, which thus has the lock, or had it
    std::optional<EpochMs> retry_at;   // after a failure
    bool is_distrusted = false;        // the page woke, and it is old: to be asked for again
    bool has_ended = false;            // the server has said so
};

// How often the browser has dropped the record's cookie lately.
struct Evictions {
    int count = 0;
    EpochMs since = 0;
};

struct State {
    Config config;
    std::string writer;
    Phase phase = Phase::created;

    // The record.
    std::optional<Record> record;                     // in memory: read from the store, or durably written
    std::optional<Record> stored;                     // what the store showed last
    std::uint64_t revision_seen = 0;                  // the highest in any record, winner or loser (R3)
    std::optional<LogicalTimestamp> cleared_session;  // an explicit clear was seen while this session was known (R4)

    // The store in use.
    StorageCapabilities storage;
    Medium medium = Medium::local_storage;  // where records are read and written, when the browser allows it
    bool ends_first_read = false;  // what is read first is of an earlier run of the browser, which it ends with
    bool store_seen = false;       // a read was neither refused nor of a format that only a newer hub can read
    bool tombstone_known = false;  // it was read, once (R12)
    bool store_blocked = false;    // the browser refuses access to the store
    bool write_failed = false;     // it refused the last write (quota), so this document is on its own
    bool outdated = false;         // the store holds a format of a newer hub
    Evictions evictions;
    bool cookie_given_up = false;  // the jar drops the cookie again and again: it carries nothing any more
    Migration migration;
    std::optional<ScopeRequest> scope_request;  // until the user has answered

    // The cycle of a change. A read may be asked for while a write is under way, and the other way round.
    std::vector<Request> requests;
    bool reading = false;
    std::optional<Writing> writing;
    std::vector<TombstoneWrite> tombstone_writes;
    WriteId write_id_last = 0;

    // The app.
    std::optional<Client> client;
    RateLimiter rate_limiter;
    bool idle_warned = false;                      // the app has got the idle warning, and it still holds
    std::optional<LogicalTimestamp> created_here;  // the session that its last login has created in this store

    // Duties.
    std::optional<OwnDuty> own_duty;
    DutyLock lock;
    std::vector<WaitingCheck> waiting_checks;
    std::optional<OwnEnd> own_end;  // this hub is then the first to end that session at the provider
    // Revision of the failed claim after which the page woke or came online again: the retry need not wait.
    std::uint64_t retried_early = 0;
    bool visible = true;
    bool leaving = false;
    CallId call_last = 0;

    // Push.
    std::optional<Stream> stream;
    StreamId stream_last = 0;
    bool frozen = false;

    std::optional<Overdue> overdue;
    std::optional<EpochMs> timer_at;
    // R8: a timer does not count while the machine sleeps, and does not follow a clock that was set.
    bool timer_is_stale = false;
};

}  // namespace lockstep
