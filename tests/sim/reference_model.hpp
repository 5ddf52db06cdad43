// The reference model of one hub: what it has read, what was requested of it, and what it has done. The checkers
// compare the hub with this alone. Merge is written here a second time, from PROTOCOL §4, so that the product's is
// tested too.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/apps.hpp"
#include "tests/sim/message.hpp"
#include "tests/sim/provider.hpp"
#include "tests/sim/store.hpp"
#include "wasm/core/event.hpp"
#include "wasm/core/record.hpp"

namespace lockstep::sim {

struct LoginAsked {
    std::uint32_t id = 0;
    std::string subject;
    std::optional<std::string> session_id;
    std::optional<LastEnd> last_end;
};

// A duty that the hub has called on its app, or does itself.
struct Call {
    PortId port = 0;
    CallId id = 0;
    DutyKind duty{};
    LogicalTimestamp created;
    LogicalTimestamp epoch;
    EpochMs given_at = 0;
    std::vector<Outcome> said;  // answers that came while it ran
    bool runs = true;
    bool is_concluded = false;  // or handed over
};

// An app's request for a check.
struct CheckAsked {
    std::uint32_t id = 0;
    EpochMs asked_at = 0;
    std::optional<LogicalTimestamp> created;
    std::optional<LogicalTimestamp> stale;  // the epoch of an outcome that was too old to answer this
};

struct LogoutAsked {
    std::uint32_t id = 0;
    std::optional<LogicalTimestamp> session;
    std::string subject;              // of that session, where the app has received it
    bool is_displayed = false;        // it is the one that the app displays
    std::uint64_t revision_seen = 0;  // by the hub, when it was asked
    std::uint32_t migrations = 0;     // until then
};

// One session in two stores, by its `created` in each.
struct MigratedSession {
    LogicalTimestamp before;
    LogicalTimestamp now;
};

struct ReferenceModel {
    std::string writer;
    const AppPlace* place = nullptr;
    SessionTimes times;
    bool has_check_address = false;
    const Provider* provider = nullptr;
    const EpochMs* now = nullptr;  // what Date.now() says

    // What it has read from the store and the tombstone, merged with what it has stored.
    std::optional<Record> known;
    std::optional<Record> own;            // decided while the store refused, and so only in memory
    std::optional<Record> stored;         // the last text that it read or wrote
    std::vector<LogicalTimestamp> ended;  // sessions whose end it has read, decided or announced
    std::uint64_t revision_seen = 0;
    bool newer = false;    // the last read had a format that it must not overwrite
    bool blocked = false;  // the last read was refused
    bool refused = false;  // the last write was refused; it is alone until the next read

    // All requests since it started: without one of these it may decide nothing.
    std::vector<LoginAsked> logins;
    std::uint32_t logins_waiting = 0;
    std::vector<LogoutAsked> logouts;
    std::vector<LogicalTimestamp> cleared;  // sessions it knew when the store was cleared

    // R6: the duties that its app can and may do on the current port, the call, and the lock.
    bool can_check = false;
    bool can_end = false;
    bool is_welcomed = false;
    std::optional<Call> call;
    std::vector<LogicalTimestamp> epochs_begun;
    std::vector<CheckAsked> checks;
    bool ends_first_read = false;  // what it reads first was there when the browser was closed, which ends it
    bool check_was_left = false;   // a check of an earlier port may still be waiting, or one of the browser's start
    std::vector<LogicalTimestamp> pushed;  // sessions that have ended, by the server's word
    bool has_lock = false;
    bool lock_is_missing = false;
    bool has_left = false;  // pagehide: a page that left during an end has done it

    bool port_was_left = false;  // a request of an earlier port may still be waiting

    // R12, unless the tombstone could not be read: the sessions with a durable tombstone when the browser was killed
    // last, and the tombstone itself.
    const std::vector<LogicalTimestamp>* tombstones_before_kill = nullptr;
    std::optional<Record> tombstone;

    // Its record in the migration source, until the migration is decided. Nothing else of the source counts in the
    // target.
    std::optional<Record> migration_source;
    std::optional<Record> target_record;  // what the target had shown until then
    bool store_seen = false;              // the store in use has been read
    bool migrated_blind = false;          // it had not been read when the migration was decided
    std::optional<MigratedSession> migrated_session;
    bool app_names_source = false;  // the next snapshot replaces that name
    Medium medium{};                // of the store in use
    std::uint32_t migrations = 0;   // until now
    std::uint32_t named_after = 0;  // as many as that when the hub last named the session that its app displays

    // R7: since when it could know that the expiry had passed before the check that was due.
    std::optional<Record> overdue;
    EpochMs overdue_since = 0;
    std::string_view scope;  // in its snapshots, unless it is alone; empty where either may be
};

// What the app sent on its port counts no more.
void forget_port(ReferenceModel& reference);

[[nodiscard]] inline std::optional<Duty> duty_in(const Record& record) {
    return record.duty.state == DutyState::none ? std::nullopt : std::optional(record.duty);
}

// PROTOCOL §4: a time in the future was stored while the clock was ahead.
[[nodiscard]] bool is_in_future(EpochMs at, EpochMs now);
[[nodiscard]] bool has_future_time(const Record& record, EpochMs now);

[[nodiscard]] Record joined(const Record& a, const Record& b, EpochMs now);

// R1: whether this login began before the last end in `known`. What was shown of another store says nothing.
[[nodiscard]] bool began_before_last_end(const ReferenceModel& reference, const LoginAsked& login,
                                         const std::optional<Record>& known);

// R7: the expiry has passed, and the check that was due before it has no outcome.
[[nodiscard]] bool is_overdue(const ReferenceModel& reference, const Record& record, EpochMs now);
void note_overdue(ReferenceModel& reference);

// R2: the same person's session took the place of the one that was named, without a logout between them.
[[nodiscard]] bool is_replaced_by(const LogoutAsked& logout, const Record& record);

// The hub reads this record.
void shown(ReferenceModel& reference, const Record& record);

// The hub has decided this, and the store has refused it.
void decided_alone(ReferenceModel& reference, const Record& record);

// reference_model_migration.cpp: the hub uses another store from now on.
void switch_store(ReferenceModel& reference, EpochMs now);
// The store or its tombstone could be read.
void target_opened(ReferenceModel& reference);
// PROTOCOL §4: the record that a migration must lead to.
[[nodiscard]] std::optional<Record> expected_after_migration(const Record& source, const std::optional<Record>& target);
// Somebody ended the session with this id in the target.
[[nodiscard]] bool was_ended_by_name(const Record& target, const Record& source);
// Whether `record` is the session of the source, created again in the target.
[[nodiscard]] bool is_recreated(const Record& source, const Record& record);
// Whether both are one session: migrated before, or shown by an event of the target.
[[nodiscard]] bool is_same_session(const ReferenceModel& reference, const Record& source, const Record& target);
// The hub has decided the migration.
[[nodiscard]] std::optional<std::string> finish_migration(ReferenceModel& reference, EpochMs now);
// By its `created` in this store, or in the migration source.
[[nodiscard]] bool refers_to(const ReferenceModel& reference, const LogicalTimestamp& named,
                             const LogicalTimestamp& created);
[[nodiscard]] CheckAsked asked_now(const ReferenceModel& reference, std::uint32_t id, EpochMs now);

// The record that the hub must have: `known` merged with `own`.
[[nodiscard]] std::optional<Record> held(const ReferenceModel& reference);

[[nodiscard]] bool knows_end_of(const ReferenceModel& reference, const LogicalTimestamp& created);

// A broken rule and how it was broken.
using Violation = std::optional<std::string>;

// check_write.cpp: a record that the hub is about to store.
[[nodiscard]] Violation check_write(const ReferenceModel& reference, const Value& value, EpochMs now);

// check_claim.cpp: the duty in that record.
[[nodiscard]] Violation check_claim(const ReferenceModel& reference, const std::optional<Record>& known,
                                    const Record& record, EpochMs now);
[[nodiscard]] Violation check_revocation(const ReferenceModel& reference, const std::optional<Record>& known,
                                         const Record& record);
[[nodiscard]] Violation check_renewal(const ReferenceModel& reference, const std::optional<Record>& known,
                                      const Record& record, EpochMs now);
// Whether a server has said that this session has ended.
[[nodiscard]] bool was_pushed(const ReferenceModel& reference, const Record& record);
// From this time a hub may claim the duty; none: there is no duty.
[[nodiscard]] std::optional<EpochMs> duty_due_at(const Record& record, EpochMs now);
[[nodiscard]] bool may_act(const ReferenceModel& reference, DutyKind duty);

// check_call.cpp: the duties it calls and cancels, and its replies to checks. `claimed` is the stored record, or the
// one in memory where there is no store.
[[nodiscard]] Violation check_call(const ReferenceModel& reference, const Call& call,
                                   const std::optional<Record>& claimed);
[[nodiscard]] Violation check_cancel(const ReferenceModel& reference, PortId port, CallId id);
[[nodiscard]] Violation check_lock_request(const ReferenceModel& reference, bool steals, EpochMs now);
[[nodiscard]] Violation check_check_reply(const ReferenceModel& reference, const Message& message, EpochMs now);
[[nodiscard]] bool may_have_duty_deadline(const ReferenceModel& reference);

}  // namespace lockstep::sim
