#include "wasm/core/transition.hpp"

#include <algorithm>

namespace lockstep {
namespace {

void answer(Transition& transition, const effect::Reply& reply) {
    if (reply.id != 0 && is_current(transition.state, reply.port)) transition.emit(reply);
}

}  // namespace

void ask_for_read(Transition& transition) {
    if (transition.state.reading) return;
    transition.state.reading = true;
    transition.emit(effect::ReadRecord{});
}

void reply(Transition& transition, PortId port, RequestId id, std::optional<Code> refused) {
    answer(transition, effect::Reply{port, id, refused});
}

void reply_with_outcome(Transition& transition, PortId port, RequestId id, Outcome outcome) {
    answer(transition, effect::Reply{port, id, std::nullopt, outcome});
}

void send_error_notice(Transition& transition, Code code) {
    if (transition.state.client && transition.state.client->announced)
        transition.emit(effect::ErrorNotice{transition.state.client->port, code});
}

LogicalTimestamp next_timestamp(Transition& transition) {
    transition.state.revision_seen = std::min(transition.state.revision_seen + 1, limits::revision_max);
    return LogicalTimestamp{transition.state.revision_seen, transition.state.writer};
}

LogicalTimestamp next_update(Transition& transition, const Record& record) {
    return std::max(record.updated, next_timestamp(transition));
}

bool is_current(const State& state, PortId port) { return state.client && state.client->port == port; }

}  // namespace lockstep
