#include "wasm/core/decide_logout.hpp"

#include <algorithm>

#include "wasm/core/door.hpp"

namespace lockstep {
namespace {

// R2: a later session is not the one that was named, unless it is the same person's and took the named one's place
// without a logout between them: two apps that signed in at the same moment.
[[nodiscard]] bool is_named(const State& state, const LogicalTimestamp& named, const Record& record) {
    if (refers_to(state.migration, named, record.created)) return true;
    if (!state.client || !state.client->known || state.client->known->subject != record.subject) return false;
    const auto& names = state.client->names;
    return std::find(names.begin(), names.end(), named) != names.end() && record.last_end < named.revision;
}

}  // namespace

void logout_received(Transition& transition, const event::LogoutReceived& logout) {
    if (authorize(transition, logout.port, logout.id, Capability::logout)) enqueue(transition, logout);
}

void decide_logout(Transition& transition, const event::LogoutReceived& logout, std::optional<Record>& candidate) {
    // What has ended by itself is logged out, too: a login that is on its way then loses against the user's word.
    if (!candidate || is_ended_by_act(*candidate)) return;
    if (logout.session && !is_named(transition.state, *logout.session, *candidate)) return;
    const std::string by = is_current(transition.state, logout.port) ? transition.state.client->origin : "";
    candidate = ended_copy(*candidate, End{EndReason::logout, by, transition.now}, next_timestamp(transition));
    transition.state.own_end = OwnEnd{candidate->created, EndReason::logout};
}

}  // namespace lockstep
