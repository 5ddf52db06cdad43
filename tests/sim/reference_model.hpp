// What one hub has been shown, asked and has done, kept by the simulator beside it. The checkers judge the hub by this
// alone. The join is written here a second time, from PROTOCOL §4: the product's own must not be its own judge.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/sim/apps.hpp"
#include "tests/sim/provider.hpp"
#include "tests/sim/store.hpp"
#include "tests/sim/told.hpp"
#include "wasm/core/record.hpp"

namespace lockstep::sim {

struct LoginAsked {
    std::string subject;
    std::optional<std::string> session_id;
};

// A duty that the hub has given to its app, or does itself.
struct Call {
    PortId port = 0;
    CallId id = 0;
    DutyKind duty{};
    LogicalTimestamp created;
    LogicalTimestamp epoch;
    EpochMs given_at = 0;
    std::vector<Outcome> said;  // while it ran
    bool runs = true;
    bool is_concluded = false;  // or handed over
};

// An app's request for a check.
struct CheckAsked {
    std::uint32_t id = 0;
    EpochMs asked_at = 0;
    std::optional<LogicalTimestamp> created;
    std::optional<LogicalTimestamp> stale;  // an outcome that was too old then: it answers nothing
};

struct LogoutAsked {
    std::uint32_t id = 0;
    std::optional<LogicalTimestamp> names;
};

// One session in two stores: its births.
struct GoesOn {
    LogicalTimestamp before;
    LogicalTimestamp now;
};

struct ReferenceModel {
    // Who the hub is.
    std::string writer;
    const AppPlace* place = nullptr;
    SessionTimes times;
    bool has_check_address = false;
    const Provider* provider = nullptr;
    const EpochMs* now = nullptr;  // what Date.now() says

    // What it has been shown, by the store and by the tombstone, joined with what it has stored.
    std::optional<Record> known;
    std::optional<Record> own;            // what it decided while the store refused, and so holds alone
    std::optional<Record> standing;       // what the store showed it last, or took from it
    std::vector<LogicalTimestamp> ended;  // sessions whose end it was shown, has decided, or has told its app
    std::uint64_t revision_seen = 0;
    bool newer = false;    // the last look showed a format it must not touch
    bool blocked = false;  // the last look was refused
    bool refused = false;  // the last write was refused, so it is on its own until the store shows what it knows

    // What it has been asked for, all its life: without a cause in here it may decide nothing.
    std::vector<LoginAsked> logins;
    std::uint32_t logins_waiting = 0;
    std::vector<LogoutAsked> logouts;
    std::vector<LogicalTimestamp> cleared;  // sessions it knew when it heard of a clear

    // R6: what its app says that it can and may do, on the current port; what it was given; and the lock.
    bool can_check = false;
    bool can_end = false;
    bool is_welcomed = false;
    std::optional<Call> call;
    std::vector<LogicalTimestamp> epochs_begun;
    std::vector<CheckAsked> checks;
    bool check_was_left = false;  // a request that waits longer than its port is nobody's any more
    bool has_lock = false;
    bool lock_is_missing = false;

    bool port_was_left = false;  // a request that waited longer than its port is nobody's any more

    // R12, unless the tombstone could not be read: sessions whose end was kept when the browser was killed before this
    // hub came to its store, and the end that was kept last at that time.
    const std::vector<LogicalTimestamp>* kept_before = nullptr;
    std::optional<Record> kept;

    // What it held in the store it has left, until it has decided what becomes of that here. Nothing else of that store
    // counts here.
    std::optional<Record> left;
    std::optional<Record> found;  // what the store here had shown until then
    bool migrated_blind = false;  // the store here was blocked then
    std::optional<GoesOn> goes_on;
    bool is_called_anew = false;  // and its app's hub has not been told
    std::string_view scope;       // what it must tell, unless it is alone
};

// What was said on the port is said no more.
void leave_port(ReferenceModel& reference);

[[nodiscard]] inline std::optional<Duty> duty_in(const Record& record) {
    return record.duty.state == DutyState::none ? std::nullopt : std::optional(record.duty);
}

// PROTOCOL §4: a time in the future was stored while the clock was ahead.
[[nodiscard]] bool is_in_future(EpochMs at, EpochMs now);
[[nodiscard]] bool has_future_time(const Record& record, EpochMs now);

[[nodiscard]] Record joined(const Record& a, const Record& b, EpochMs now);

// The hub is shown this record.
void shown(ReferenceModel& reference, const Record& record);

// The hub has decided this, and the store has refused it.
void decided_alone(ReferenceModel& reference, const Record& record);

// reference_model_migration.cpp: the hub uses another store from now on.
void leave_store(ReferenceModel& reference, EpochMs now);
// The store, or its tombstone, shows what it holds.
void opened(ReferenceModel& reference);
// PROTOCOL §4: what a tab must hold that held `left` in another store and finds this one.
[[nodiscard]] std::optional<Record> come_along(const Record& left, const std::optional<Record>& found);
// Is this the session that was left, born in another store?
[[nodiscard]] bool migrated_suffix(const Record& left, const Record& record);
// Left with the one birth and found with the other: one session.
[[nodiscard]] bool was_migrated_from(const ReferenceModel& reference, const Record& left, const Record& found);
// The hub has decided what became of what it held, and holds something of this store.
[[nodiscard]] std::optional<std::string> settle_left(ReferenceModel& reference, EpochMs now);
// By its birth here, or in the store that was left.
[[nodiscard]] bool names(const ReferenceModel& reference, const LogicalTimestamp& named,
                         const LogicalTimestamp& created);
[[nodiscard]] CheckAsked asked_now(const ReferenceModel& reference, std::uint32_t id, EpochMs now);

// What the hub must hold for true: `known`, and what it had to decide alone.
[[nodiscard]] std::optional<Record> held(const ReferenceModel& reference);

[[nodiscard]] bool knows_end_of(const ReferenceModel& reference, const LogicalTimestamp& created);

// A broken promise: the rule's name, and what was seen.
using Violation = std::optional<std::string>;

// check_write.cpp: what the hub is about to put into the store.
[[nodiscard]] Violation check_write(const ReferenceModel& reference, const Value& value, EpochMs now);

// check_claim.cpp: what it writes of its duty.
[[nodiscard]] Violation check_claim(const ReferenceModel& reference, const std::optional<Record>& known,
                                    const Record& record, EpochMs now);
[[nodiscard]] Violation check_revocation(const ReferenceModel& reference, const std::optional<Record>& known,
                                         const Record& record);
[[nodiscard]] Violation check_renewal(const ReferenceModel& reference, const std::optional<Record>& known,
                                      const Record& record, EpochMs now);
// By this time somebody must have taken the duty up; none: there is nothing to do.
[[nodiscard]] std::optional<EpochMs> duty_due_at(const Record& record, EpochMs now);
[[nodiscard]] bool may_act(const ReferenceModel& reference, DutyKind duty);

// check_call.cpp: the duties it gives, takes back, and answers for. `claimed` is what has been stored, or is in memory
// where there is no store.
[[nodiscard]] Violation check_call(const ReferenceModel& reference, const Call& call,
                                   const std::optional<Record>& claimed);
[[nodiscard]] Violation check_cancel(const ReferenceModel& reference, PortId port, CallId id);
[[nodiscard]] Violation check_lock_request(const ReferenceModel& reference, bool steals, EpochMs now);
[[nodiscard]] Violation check_outcome_told(const ReferenceModel& reference, const Message& message, EpochMs now);
[[nodiscard]] bool may_have_duty_deadline(const ReferenceModel& reference);

}  // namespace lockstep::sim
