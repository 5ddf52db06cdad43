#include "wasm/core/decide_scope.hpp"

#include "wasm/core/door.hpp"
#include "wasm/core/snapshot_of.hpp"

namespace lockstep {

void scope_requested(Transition& transition, const event::ScopeRequested& request) {
    State& state = transition.state;
    if (!authorize(transition, request.port, request.id, std::nullopt)) return;
    // Nothing to ask for: the app sees in its snapshot how it is.
    const Upgrade upgrade = snapshot_of(state).upgrade;
    if (upgrade == Upgrade::none || upgrade == Upgrade::unsupported)
        return reply(transition, request.port, request.id, std::nullopt);
    // The button shows the later label; the earlier request is done.
    if (state.scope_request) reply(transition, state.scope_request->port, state.scope_request->id, std::nullopt);
    state.scope_request = ScopeRequest{request.port, request.id};
    transition.emit(effect::ShowButton{request.label, request.style});
}

}  // namespace lockstep
