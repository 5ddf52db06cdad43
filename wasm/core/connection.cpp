#include "wasm/core/connection.hpp"

#include "wasm/core/door.hpp"

namespace lockstep {

void hello_received(Transition& transition, const event::HelloReceived& hello) {
    State& state = transition.state;
    const auto capabilities = capabilities_of(state.config, hello.origin);
    if (!capabilities) {
        transition.emit(effect::ClosePort{hello.port, std::nullopt});  // without a message (PROTOCOL §1)
        return;
    }
    const bool is_within_rate = take_rate_token(transition);
    if (is_within_rate && hello.refused) {
        // An app of another version gets the reason, which spares its developer a search. Anything else is dropped
        // (PROTOCOL §1).
        const bool is_other_version = *hello.refused == Code::version;
        transition.emit(effect::ClosePort{hello.port, is_other_version ? hello.refused : std::nullopt});
        return;
    }
    if (state.client) transition.emit(effect::ClosePort{state.client->port, Code::replaced});
    if (!is_within_rate) {
        state.rate_limiter.refused += 1;
        transition.emit(effect::ClosePort{hello.port, Code::rate_limited});
        return forget_client(transition);
    }
    state.scope_request.reset();
    state.client =
        Client{hello.port, hello.origin, *capabilities, std::nullopt, std::nullopt, hello.last, {}, false, false};
    // The welcome shows what the store holds now, not what memory held when the last app was here.
    if (state.phase == Phase::running && !state.writing) ask_for_read(transition);
}

void goodbye_received(Transition& transition, const event::GoodbyeReceived& goodbye) {
    if (!is_current(transition.state, goodbye.port)) return;
    transition.emit(effect::ClosePort{goodbye.port, std::nullopt});
    forget_client(transition);
}

void allows_received(Transition& transition, const event::AllowsReceived& allows) {
    if (!authorize(transition, allows.port, allows.id, std::nullopt)) return;
    const bool listed = capabilities_of(transition.state.config, allows.origin).has_value();
    reply(transition, allows.port, allows.id, listed ? std::nullopt : std::optional(Code::forbidden));
}

}  // namespace lockstep
