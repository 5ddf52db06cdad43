// The door of every message on a port: the current port, the rate, the capability. What passes waits for a fresh read.
#pragma once

#include <optional>

#include "wasm/core/transition.hpp"

namespace lockstep {

// The app's port is gone, and with it all that waits for the app.
void forget_client(Transition& transition);

// A full one, for the n-th hub of its tab.
[[nodiscard]] RateLimiter make_rate_limiter(std::int64_t hubs_in_tab, EpochMs now);

// An allowed origin is still not a trusted one: a message over the rate is refused, not queued.
[[nodiscard]] bool take_rate_token(Transition& transition);

// Whether a message would pass the rate now. The event loop asks before it decodes one, since a refused message is
// worth no work. It takes nothing; `authorize` does.
[[nodiscard]] bool is_over_rate(const State& state, EpochMs now);

// Whether a handshake is over the rate of an app that has lost its port and been given the reason. The event loop asks
// before it opens the port.
[[nodiscard]] bool is_flooding(const State& state, EpochMs now);

// Refuses the message, or lets it pass. Without an id there is nothing to answer.
[[nodiscard]] bool authorize(Transition& transition, PortId port, RequestId id, std::optional<Capability> needed);

// Queues a request until the store has been read again: it is decided on what is stored, never on memory alone.
void enqueue(Transition& transition, Request request);

void refused_at_the_door(Transition& transition, const event::Refused& refused);

}  // namespace lockstep
