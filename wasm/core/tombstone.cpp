#include "wasm/core/tombstone.hpp"

#include <algorithm>
#include <utility>

namespace lockstep {

void answer(Transition& transition, const std::vector<PendingReply>& pending_replies, std::optional<Code> refused) {
    for (const PendingReply& pending_reply : pending_replies)
        reply(transition, pending_reply.port, pending_reply.id, refused);
}

void store_tombstone(Transition& transition, const Record& record, std::vector<PendingReply> pending_replies) {
    const WriteId write_id = ++transition.state.write_id_last;
    transition.state.tombstone_writes.push_back({write_id, std::move(pending_replies)});
    transition.emit(effect::StoreTombstone{write_id, record});
}

void tombstone_stored(Transition& transition, const event::TombstoneStored& stored) {
    auto& writes = transition.state.tombstone_writes;
    const auto found = std::find_if(writes.begin(), writes.end(),
                                    [&](const TombstoneWrite& each) { return each.write_id == stored.write_id; });
    if (found == writes.end()) return;
    const TombstoneWrite done = *found;
    writes.erase(found);
    answer(transition, done.pending_replies, std::nullopt);
}

// A browser that was killed may have lost the end and still show the session, so the first read of a session is
// not believed alone. It may have lost the whole record as well: then a session must not be created before the
// tombstone is known. One that counts from less would be taken for older than that end, and be ended by it at the next
// start (R2, R3).
bool must_read_tombstone(const State& state, ReadOrder read_order) {
    if (state.tombstone_known) return false;
    const auto is_login = [](const Request& request) { return std::holds_alternative<event::LoginReceived>(request); };
    const auto* pending = std::get_if<migration::Pending>(&state.migration.session);
    const bool shows_session = read_order == ReadOrder::first && state.record && is_active(*state.record);
    const bool brings_session = pending != nullptr && is_active(pending->source);
    if (state.outdated) return true;  // what it hides may be such a session, and show after it
    return shows_session || brings_session || std::any_of(state.requests.begin(), state.requests.end(), is_login);
}

}  // namespace lockstep
