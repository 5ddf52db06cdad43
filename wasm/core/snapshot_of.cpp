#include "wasm/core/snapshot_of.hpp"

#include "wasm/core/deadline.hpp"

namespace lockstep {
namespace {

void show_active(const State& state, const Record& record, Snapshot& snapshot) {
    snapshot.status = Status::signed_in;
    snapshot.session = record.created;
    snapshot.subject = record.subject;
    snapshot.session_id = record.session_id;
    snapshot.claims = record.claims;
    snapshot.signed_in_at = record.signed_in_at;
    snapshot.expires_at = expires_at(state, record);
    snapshot.idle_at = idle_at(state, record);
    snapshot.idle_warning = state.idle_warned;
}

}  // namespace

Snapshot snapshot_of(const State& state) {
    Snapshot snapshot;
    snapshot.medium = state.store_blocked || state.write_failed ? Medium::memory : state.medium;
    snapshot.scope =
        scope_of(state.config, state.storage,
                 state.client ? std::string_view(state.client->origin) : std::string_view(), snapshot.medium);
    snapshot.upgrade = upgrade_of(state.storage, snapshot.scope);
    if (state.record && state.record->last_end > 0) snapshot.last_end = LastEnd{state.record->last_end, state.medium};
    if (state.outdated) {
        snapshot.status = Status::unavailable;
    } else if (state.record && is_active(*state.record)) {
        show_active(state, *state.record, snapshot);
    } else if (state.record) {
        snapshot.reason = state.record->ended->reason;
        snapshot.ended_by = state.record->ended->by;
    }
    return snapshot;
}

}  // namespace lockstep
