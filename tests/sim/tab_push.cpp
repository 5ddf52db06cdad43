// Push in a tab: its stream, for which it waits in the browser's queue, and what the server says on it.
#include <algorithm>
#include <utility>

#include "tests/sim/tab.hpp"

namespace lockstep::sim {
namespace {

[[nodiscard]] std::string channel(std::string_view kind, const std::string& name) {
    return std::string(kind) + '|' + std::string(issuer) + '|' + name;
}

}  // namespace

void Tab::open_stream(StreamId stream, const std::string& url, const std::string& session, const std::string& subject,
                      EpochMs signed_in_at, bool steals) {
    count_effect();
    if (std::ostream* out = trace()) *out << " wants the stream " << stream << '\n';
    note_own();
    const auto known = held(reference_);
    if (life != Life::running) machine_.report("R10: a page that does not run asks for a stream");
    if (url != push_address) machine_.report("a stream is asked for at another URL than the configured one");
    if (!known || !is_active(*known)) return machine_.report("a stream is asked for although nobody is signed in");
    const std::string named = known->session_id ? channel("sid", *known->session_id) : "";
    if (session != named || subject != channel("sub", known->subject) || signed_in_at != known->signed_in_at)
        machine_.report("a stream is asked for of another session");
    if (stream_) streams_before_.push_back(*stream_);
    if (steals && !visible_) machine_.report("a hidden page takes the stream from another");
    stream_ = Stream{stream, known->created, steals, Stream::Is::asked};
    if (stream_store_ != store_) leave_stream_lock();
    stream_store_ = store_;
    if (stream_turn_ == 0) stream_turn_ = store_->stream_locks.ask();
}

void Tab::close_stream() {
    count_effect();
    if (std::ostream* out = trace()) *out << " gives up its stream\n";
    if (!stream_) return machine_.report("a stream is given up that was never asked for");
    streams_before_.push_back(*std::exchange(stream_, std::nullopt));
    leave_stream_lock();
}

void Tab::leave_stream_lock() {
    if (stream_store_ != nullptr) stream_store_->stream_locks.release(std::exchange(stream_turn_, 0));
}

bool Tab::answer_stream(Prng& chance) {
    const bool was_robbed = requeue_when_robbed();
    if (!stream_ || stream_->is != Stream::Is::asked) return was_robbed;
    Locks& locks = stream_store_->stream_locks;
    const bool has_lock = locks.is_held_by(stream_turn_) || locks.grant(stream_turn_, stream_->steals);
    if (locks.missing || !has_lock) return was_robbed;
    stream_->steals = false;
    const Stream asked = *stream_;
    if (!provider_.opens_stream(chance)) {
        stream_->is = Stream::Is::lost;
        if (std::ostream* out = trace()) *out << " is refused a stream\n";
        return input([&] { hub_->stream_failed(asked.id); });
    }
    stream_->is = Stream::Is::open;
    input([&] { hub_->stream_opened(asked.id); });
    if (provider_.has_revoked(asked.session)) push_end(asked.id, asked.session);  // level, not edge
    return true;
}

// The page that loses the lock closes its stream, and waits for its next turn. One whose session has ended needs none.
bool Tab::requeue_when_robbed() {
    if (!stream_ || stream_->is == Stream::Is::asked || stream_->is == Stream::Is::ended) return false;
    if (stream_store_->stream_locks.is_held_by(stream_turn_)) return false;
    streams_before_.push_back(*stream_);
    stream_->is = Stream::Is::asked;
    stream_turn_ = stream_store_->stream_locks.ask();
    return true;
}

// What was on its way when a stream was closed comes, too, and must end no other session.
bool Tab::get_late_push() {
    const auto late = std::find_if(streams_before_.begin(), streams_before_.end(), [&](const Stream& before) {
        return before.is == Stream::Is::open && provider_.has_revoked(before.session);
    });
    if (late == streams_before_.end()) return false;
    const Stream before = *late;
    streams_before_.erase(late);
    // One that was robbed is asked for again by the same name, and what it said holds.
    if (stream_ && stream_->id == before.id) return push_end(before.id, before.session);
    return input([&] { hub_->end_pushed(before.id); });
}

bool Tab::get_push(Prng& chance) {
    if (chance.one_in(3) && get_late_push()) return true;
    const bool was_robbed = requeue_when_robbed();
    if (!stream_ || stream_->is != Stream::Is::open || !provider_.has_revoked(stream_->session)) return was_robbed;
    return push_end(stream_->id, stream_->session);
}

bool Tab::push_end(StreamId stream, const LogicalTimestamp& session) {
    if (stream_ && stream_->id == stream) stream_->is = Stream::Is::ended;
    reference_.pushed.push_back(session);
    if (std::ostream* out = trace()) *out << " is sent the end on stream " << stream << '\n';
    return input([&] { hub_->end_pushed(stream); });
}

bool Tab::lose_stream() {
    const bool was_robbed = requeue_when_robbed();
    if (!stream_ || stream_->is != Stream::Is::open) return was_robbed;
    stream_->is = Stream::Is::lost;
    return input([&] { hub_->stream_failed(stream_->id); });
}

void Tab::freezing() {
    input([&] { hub_->freezing(); });
    if (stream_) machine_.report("a frozen page keeps the stream from all others");
}

bool Tab::may_get_push() const {
    return !state().config.push_url.empty() && !store_->stream_locks.missing && app_.port != 0 && app_.received &&
           app_.received->scope != "alone" && !timer_lost;
}

void Tab::check_stream_after_input() {
    if (!stream_ || state().writing || state().reading) return;
    const auto known = held(reference_);
    if (!known || !is_active(*known)) machine_.report("a stream is kept although nobody is signed in");
    if (state().stream && state().stream->session_id != known->session_id)
        machine_.report("a stream is not about the session as it is named now");
    constexpr EpochMs pause_ms_max = limits::stream_retry_ms_max * 5 / 4;
    const bool waits_too_long = timer_due && *timer_due - machine_.true_ms > pause_ms_max;
    if (stream_->is == Stream::Is::lost && !timer_lost && (!timer_due || waits_too_long))
        machine_.report("R8: a lost stream is not asked for again in time");
}

}  // namespace lockstep::sim
