#include "wasm/core/door.hpp"

#include <algorithm>

namespace lockstep {
namespace {

[[nodiscard]] RateLimiter refilled(RateLimiter limiter, EpochMs now) {
    // A clock set back must not lock the app out, nor one set forward overflow the bucket.
    const std::int64_t elapsed_ms = std::max<std::int64_t>(now - limiter.refilled_at, 0);
    const std::int64_t refill = std::min(elapsed_ms / limiter.refill_interval_ms, limiter.burst);
    if (refill > 0 || now < limiter.refilled_at) {
        limiter.tokens = std::min(limiter.tokens + refill, limiter.burst);
        limiter.refilled_at = now;
    }
    if (limiter.tokens == limiter.burst) limiter.refused = 0;
    return limiter;
}

// A reply costs the process of all hubs as much as a request. Whoever does not heed refusals gets no more of them: a
// closed port costs nothing.
void refuse_over_rate(Transition& transition, PortId port, RequestId id) {
    if (++transition.state.rate_limiter.refused <= limits::refused_max)
        return reply(transition, port, id, Code::rate_limited);
    transition.emit(effect::ClosePort{port, Code::rate_limited});
    forget_client(transition);
}

}  // namespace

void forget_client(Transition& transition) {
    State& state = transition.state;
    state.client.reset();
    state.scope_request.reset();
    state.waiting_checks.clear();
    if (state.own_duty) ask_for_read(transition);  // to hand it over
}

RateLimiter make_rate_limiter(std::int64_t hubs_in_tab, EpochMs now) {
    const std::int64_t parts = std::clamp<std::int64_t>(hubs_in_tab, 1, limits::rate_parts_max);
    RateLimiter limiter;
    limiter.burst = limits::rate_burst / parts;
    limiter.refill_interval_ms = limits::rate_refill_interval_ms * parts;
    limiter.tokens = limiter.burst;
    limiter.refilled_at = now;
    return limiter;
}

bool take_rate_token(Transition& transition) {
    RateLimiter& limiter = transition.state.rate_limiter;
    limiter = refilled(limiter, transition.now);
    if (limiter.tokens == 0) return false;
    limiter.tokens -= 1;
    return true;
}

bool is_over_rate(const State& state, EpochMs now) { return refilled(state.rate_limiter, now).tokens == 0; }

bool is_flooding(const State& state, EpochMs now) {
    return !state.client && state.rate_limiter.refused > 0 && is_over_rate(state, now);
}

bool authorize(Transition& transition, PortId port, RequestId id, std::optional<Capability> needed) {
    if (!is_current(transition.state, port)) return false;
    if (!take_rate_token(transition)) {
        refuse_over_rate(transition, port, id);
        return false;
    }
    if (transition.state.requests.size() >= limits::waiting_requests_max) {
        reply(transition, port, id, Code::rate_limited);
        return false;
    }
    if (needed && !transition.state.client->capabilities.has(*needed)) {
        if (id == 0) {
            send_error_notice(transition, Code::forbidden);
        } else {
            reply(transition, port, id, Code::forbidden);
        }
        return false;
    }
    return true;
}

void enqueue(Transition& transition, Request request) {
    transition.state.requests.push_back(std::move(request));
    if (transition.state.phase == Phase::running && !transition.state.writing) ask_for_read(transition);
}

void refused_at_the_door(Transition& transition, const event::Refused& refused) {
    if (!is_current(transition.state, refused.port)) return;
    // It was refused by the clock of a moment ago: a token that has come since is for a message that is read.
    if (refused.code == Code::rate_limited) return refuse_over_rate(transition, refused.port, refused.id);
    if (authorize(transition, refused.port, refused.id, std::nullopt))
        reply(transition, refused.port, refused.id, refused.code);
}

}  // namespace lockstep
