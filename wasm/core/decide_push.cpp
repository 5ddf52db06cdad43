#include "wasm/core/decide_push.hpp"

#include <algorithm>
#include <utility>

#include "wasm/core/deadline.hpp"
#include "wasm/core/decide_duty.hpp"
#include "wasm/core/door.hpp"
#include "wasm/core/duty_schedule.hpp"

namespace lockstep {
namespace {

[[nodiscard]] bool is_current_stream(const State& state, StreamId stream) {
    return state.stream && state.stream->id == stream;
}

// Nothing is held across pagehide (R10), and a frozen page would keep the stream from all others.
[[nodiscard]] bool may_have_stream(const State& state) {
    return !state.config.push_url.empty() && !state.leaving && !state.frozen && state.client &&
           state.client->announced && state.client->announced->scope != Scope::alone;
}

// All browsers lose their streams at once when a server stops, and must not come back at once.
[[nodiscard]] EpochMs retry_delay_ms(const State& state, const Stream& stream) {
    const EpochMs delay_ms = backed_off_ms(limits::stream_retry_ms_min, limits::stream_retry_ms_max, stream.failures);
    return delay_ms + jitter_ms({stream.id, state.writer}, std::max(delay_ms / 4, limits::stream_retry_spread_ms));
}

// A visible page that has woken takes the lock over: its holder may be gone without a word, and whoever uses the
// browser is best served by a stream of now.
void open_stream(Transition& transition, const Record& session, std::int64_t failures) {
    State& state = transition.state;
    const bool steals = state.visible && state.stream && state.stream->is_distrusted;
    state.stream = Stream{};
    Stream& stream = *state.stream;
    stream.id = ++state.stream_last;
    stream.session = session.created;
    stream.session_id = session.session_id;
    stream.asked_at = transition.now;
    stream.failures = failures;
    transition.emit(effect::OpenStream{stream.id, session.session_id, session.subject, session.signed_in_at, steals});
}

[[nodiscard]] bool is_about(const Stream& stream, const Record& session) {
    return stream.session == session.created && stream.session_id == session.session_id;
}

}  // namespace

void stream_opened(Transition& transition, const event::StreamOpened& opened) {
    if (!is_current_stream(transition.state, opened.stream)) return;
    transition.state.stream->failures = 0;
    transition.state.stream->opened_at = transition.now;
}

void stream_failed(Transition& transition, const event::StreamFailed& failed) {
    State& state = transition.state;
    if (!is_current_stream(state, failed.stream)) return;
    Stream& stream = *state.stream;
    stream.failures = std::min(stream.failures + 1, limits::failures_max);
    stream.opened_at.reset();
    stream.retry_at = transition.now + retry_delay_ms(state, stream);
    state.timer_is_stale = true;  // an earlier deadline may have been set by another clock, and would be waited for
}

void end_pushed(Transition& transition, const event::EndPushed& pushed) {
    State& state = transition.state;
    if (!is_current_stream(state, pushed.stream) || std::exchange(state.stream->has_ended, true)) return;
    enqueue(transition, PushedEnd{state.stream->session});
}

void distrust_stream(Transition& transition, bool hurries) {
    auto& stream = transition.state.stream;
    if (!stream) return;
    const EpochMs age_ms = transition.now - stream->asked_at;
    const bool is_old = age_ms < 0 || age_ms > limits::stream_trusted_ms;
    if (stream->retry_at ? hurries : is_old) stream->is_distrusted = true;
}

void decide_pushed_end(Transition& transition, const PushedEnd& pushed, std::optional<Record>& candidate) {
    if (!candidate || !is_active(*candidate) || candidate->created != pushed.session) return;
    candidate = ended_copy(*candidate, End{EndReason::revoked, "", transition.now}, next_timestamp(transition));
    // The word came from the provider: it need not be asked to end what it has ended.
    want_duty(transition, *candidate);
    conclude(candidate->duty, transition.now);
}

void keep_stream(Transition& transition) {
    State& state = transition.state;
    const Record* session = may_have_stream(state) ? active_record(state) : nullptr;
    if (session == nullptr) {
        if (state.stream) transition.emit(effect::CloseStream{});
        state.stream.reset();
        return;
    }
    // What a read or a write is about to change is not yet the session.
    if (state.phase != Phase::running || state.reading || state.writing) return;
    if (!state.stream || !is_about(*state.stream, *session)) return open_stream(transition, *session, 0);
    const auto due = stream_deadline(state, transition.now);
    if (due && transition.now >= *due) open_stream(transition, *session, state.stream->failures);
}

std::optional<EpochMs> stream_deadline(const State& state, EpochMs now) {
    if (!state.stream) return std::nullopt;
    const Stream& stream = *state.stream;
    if (stream.is_distrusted) return now;
    if (stream.retry_at) return clamp_future(*stream.retry_at, now, retry_delay_ms(state, stream));
    if (!stream.opened_at) return std::nullopt;
    return clamp_future(*stream.opened_at + limits::stream_life_ms_max, now, limits::stream_life_ms_max);
}

}  // namespace lockstep
