// Push: a server says that the session has ended (PROTOCOL, "Push"). Every hub that shows a session asks for a stream;
// which hub of a browser has one is decided by the browser's lock, which passes it on when its page closes, crashes or
// is frozen. A stream is about one session, so what it says late ends no other (R2).
#pragma once

#include <optional>

#include "wasm/core/transition.hpp"

namespace lockstep {

// Events.
void stream_opened(Transition& transition, const event::StreamOpened& opened);
void stream_failed(Transition& transition, const event::StreamFailed& failed);
void end_pushed(Transition& transition, const event::EndPushed& pushed);

// The page came back, is seen again, or its user acts: a stream that is old may be dead without a word, or its holder
// gone. `hurries`: one that was lost need not wait for its pause.
void distrust_stream(Transition& transition, bool hurries);

// The cycle: the server's word on a fresh read.
void decide_pushed_end(Transition& transition, const PushedEnd& pushed, std::optional<Record>& candidate);

// After every event: the stream is asked for, asked for again, or given up, as the state wants it.
void keep_stream(Transition& transition);

// When a stream is asked for again: after a failure, after a wake, or when it is older than any that lives.
[[nodiscard]] std::optional<EpochMs> stream_deadline(const State& state, EpochMs now);

}  // namespace lockstep
