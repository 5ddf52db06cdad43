#include "wasm/core/decide_logout.hpp"

#include "wasm/core/door.hpp"

namespace lockstep {

void logout_received(Transition& transition, const event::LogoutReceived& logout) {
    if (authorize(transition, logout.port, logout.id, Capability::logout)) enqueue(transition, logout);
}

void decide_logout(Transition& transition, const event::LogoutReceived& logout, std::optional<Record>& candidate) {
    if (!candidate || !is_active(*candidate)) return;
    if (logout.session && !refers_to(transition.state.migration, *logout.session, candidate->created))
        return;  // R2: a later session is not the one that was named
    const std::string by = is_current(transition.state, logout.port) ? transition.state.client->origin : "";
    candidate = ended_copy(*candidate, End{EndReason::logout, by, transition.now}, next_timestamp(transition));
    transition.state.ended_here = candidate->created.revision;
}

}  // namespace lockstep
