// Store migration: the hub leaves one store (the source) for a wider or narrower one (the target), and the session
// moves with it. The states are here, the decisions in decide_migration.cpp. PROTOCOL §4, "From one store to another".
//
// Two stores count their revisions apart, so their records are never merged. Two questions are
// therefore open: is a change of store waiting (`target`), and does the session that this hub holds belong to the store
// in use
// (`session`)? Notation: state + event [guard] / actions = state.
//
//   target:   none      + StorageCapabilitiesChanged                / read the source once more           = waiting
//             waiting   + StorageCapabilitiesChanged                / replace the target                  = waiting
//             waiting   + RecordRead [running, no write under way, tombstone not needed, same medium]     = none
//             waiting   + RecordRead [as above, another medium]     / switch the store, read the target   = none
//
//   session:  settled   + the store is switched [a session held]    / nothing decided before a read       = pending
//             pending   + the store is switched again [not outdated] / place it first, then as above      = pending
//             pending   + decide [target readable]                  / place the session in the target     = settled
//             pending   + decide [target blocked]                   / place it in this document's memory  = unverified
//             unverified + RecordRead | TombstoneRead | StoreChanged [the target shows something]         = pending
//
// To place a session: an active session of the target takes its place, an ended one with its session id ends it, and
// else it is created again in the target. The phase shows what is read meanwhile: `migrating` is the first read of the
// target, `reconciling` its tombstone.
#pragma once

#include <optional>
#include <variant>

#include "wasm/core/record.hpp"
#include "wasm/core/scope.hpp"

namespace lockstep {

namespace migration {
struct Settled {};  // the session belongs to the store in use
struct Pending {    // it is the source's; the target has not been read yet
    Record source;
};
struct Unverified {};  // it was placed while the target was blocked: its revisions count from nothing that is stored
}  // namespace migration

// One session, by its name in the source and in the target.
struct MigratedSession {
    LogicalTimestamp source;
    LogicalTimestamp target;
};

struct Migration {
    std::variant<migration::Settled, migration::Pending, migration::Unverified> session;
    std::optional<StorageCapabilities> target;
    std::optional<MigratedSession> last;  // an app that has not got the change yet uses the name in the source
};

// True where `named` is the session `created`, or its name in the store before.
[[nodiscard]] inline bool refers_to(const Migration& migration, const LogicalTimestamp& named,
                                    const LogicalTimestamp& created) {
    return named == created || (migration.last && migration.last->source == named && migration.last->target == created);
}

[[nodiscard]] inline bool is_unverified(const Migration& migration) {
    return std::holds_alternative<migration::Unverified>(migration.session);
}

}  // namespace lockstep
