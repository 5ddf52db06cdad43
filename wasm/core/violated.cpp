// The invariants, as one function that every test calls after every step.
#include "wasm/core/step.hpp"

namespace lockstep {
namespace {

[[nodiscard]] std::optional<std::string_view> violated_by(const Record& record, const State& state) {
    if (record.updated < record.created) return "a record is never updated before it was created";
    if (highest_revision(record) > state.revision_seen) return "every revision in a record has been counted (R3)";
    if (!is_active(record) && (!record.subject.empty() || !record.claims.empty()))
        return "an ended session holds no subject and no claims (R13)";
    if (is_active(record) && record.subject.empty()) return "an active session has a subject";
    if (!is_active(record) && record.check_at) return "an ended session is not checked";
    if (record.claims.size() > limits::claims_bytes_max) return "claims are bounded (R13)";
    return std::nullopt;
}

// Activity apart: what lies in the future is discarded (R8), and an invariant has no clock to judge it by.
[[nodiscard]] bool holds_all_of(const Record& memory, const Record& stored) {
    Record joined = merge(memory, stored);
    joined.active_at = memory.active_at;
    return joined == memory;
}

[[nodiscard]] std::optional<std::string_view> violated_by_store(const State& state) {
    for (const auto* record : {&state.record, &state.stored}) {
        if (!*record) continue;
        if (const auto broken = violated_by(**record, state)) return broken;
    }
    if (state.record && state.stored && !holds_all_of(*state.record, *state.stored))
        return "memory never falls behind what the store showed (R1)";
    if (state.writing && state.phase != Phase::running) return "nothing is written before the store is known (R4)";
    return std::nullopt;
}

[[nodiscard]] std::optional<std::string_view> violated_by_client(const State& state) {
    if (!state.client) return std::nullopt;
    if (!capabilities_of(state.config, state.client->origin)) return "only an allowed origin is a client (R11)";
    if (!state.client->announced) return std::nullopt;
    if (state.phase == Phase::created || state.phase == Phase::reading)
        return "nothing is announced before the store is known";
    const bool rests = state.phase == Phase::running && !state.writing && !state.reading;
    if (rests && *state.client->announced != snapshot_of(state)) return "an app has the snapshot of the state (R5)";
    return std::nullopt;
}

[[nodiscard]] std::optional<std::string_view> violated_by_requests(const State& state) {
    if (state.rate_limiter.tokens < 0 || state.rate_limiter.tokens > state.rate_limiter.burst)
        return "the rate limiter is bounded";
    // A migration that ends puts waiting checks and a scope request back, and a server may say an end.
    if (state.requests.size() > limits::waiting_requests_max + limits::waiting_checks_max + 2)
        return "waiting requests are bounded (R11)";
    if (state.waiting_checks.size() > limits::waiting_checks_max) return "waiting checks are bounded (R11)";
    if (!state.reading && !state.writing && !state.requests.empty() && state.phase == Phase::running)
        return "no request waits without a read or a write under way";
    return std::nullopt;
}

[[nodiscard]] std::optional<std::string_view> violated_by_acts(const State& state) {
    if (state.own_duty &&
        (state.phase == Phase::created || state.phase == Phase::reading || state.phase == Phase::migrating))
        return "nobody acts before the store is known (R6)";
    if (state.stream && (state.leaving || state.frozen)) return "nothing is held across pagehide (R10)";
    if (state.stream && !state.record) return "a stream is about a session";
    return std::nullopt;
}

}  // namespace

std::optional<std::string_view> violated(const State& state) {
    for (const auto violated_by_part :
         {violated_by_store, violated_by_client, violated_by_requests, violated_by_acts}) {
        if (const auto broken = violated_by_part(state)) return broken;
    }
    return std::nullopt;
}

}  // namespace lockstep
