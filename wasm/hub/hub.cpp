#include "wasm/hub/hub.hpp"

#include <algorithm>
#include <utility>

#include "wasm/codec/record.hpp"
#include "wasm/codec/wire.hpp"
#include "wasm/core/door.hpp"
#include "wasm/core/limits.hpp"
#include "wasm/core/match.hpp"

namespace lockstep {

Hub::Hub(Config config, Platform& platform) : platform_(platform) { state_.core = initial_state(std::move(config)); }

void Hub::started(std::string writer, StorageCapabilities capabilities, bool visible, bool browser_start,
                  std::int64_t hubs_in_tab) {
    raise(event::Started{std::move(writer), capabilities, visible, browser_start, hubs_in_tab});
}

bool Hub::is_origin_allowed(std::string_view origin) const {
    return capabilities_of(state_.core.config, origin).has_value();
}

bool Hub::is_flooded() { return is_flooding(state_.core, now()); }

PortId Hub::next_port() { return ++state_.port_last; }

void Hub::hello(PortId port, std::string origin, const std::optional<std::string>& text) {
    auto decoded = text ? codec::decode_hello(*text) : codec::Refusal{Code::oversized, 0};
    if (const auto* refusal = std::get_if<codec::Refusal>(&decoded))
        return raise(event::HelloReceived{port, std::move(origin), std::nullopt, refusal->code});
    raise(event::HelloReceived{port, std::move(origin), std::get<codec::Hello>(decoded).last, std::nullopt});
}

void Hub::message(PortId port, const std::optional<std::string>& text) {
    // The cheapest check first: size, then rate, then shape.
    const auto rate = is_over_rate(state_.core, now()) ? codec::Rate::exceeded : codec::Rate::kept;
    auto decoded = text ? codec::decode_message(*text, port, rate) : codec::Refusal{Code::oversized, 0};
    if (const auto* refusal = std::get_if<codec::Refusal>(&decoded)) {
        raise(event::Refused{port, refusal->id, refusal->code});
    } else {
        raise(std::get<Event>(std::move(decoded)));
    }
}

void Hub::not_a_text(PortId port) { raise(event::GoodbyeReceived{port}); }

void Hub::store_changed(const std::optional<std::string>& text) {
    raise(event::StoreChanged{text ? decode(*text) : read::Unreadable{}});
}
void Hub::store_cleared() { raise(event::StoreCleared{}); }
void Hub::cookie_gone(bool companion_left) { raise(event::CookieGone{companion_left}); }
void Hub::storage_capabilities_changed(StorageCapabilities capabilities, bool asked) {
    raise(event::StorageCapabilitiesChanged{capabilities, asked});
}

void Hub::tombstone_read(const std::optional<std::string>& text) {
    raise(event::TombstoneRead{text ? codec::decode_record(*text) : read::Absent{}});
}
void Hub::tombstone_stored(WriteId write_id) { raise(event::TombstoneStored{write_id}); }

void Hub::woke() { raise(event::Woke{}); }
void Hub::timer_fired() { raise(event::TimerFired{}); }
void Hub::visibility_changed(bool visible) { raise(event::VisibilityChanged{visible}); }
void Hub::leaving() { raise(event::Leaving{}); }
void Hub::freezing() { raise(event::Freezing{}); }

void Hub::lock_answered(LockAnswer answer) { raise(event::LockAnswered{answer}); }
void Hub::lock_lost() { raise(event::LockLost{}); }

void Hub::check_fetched(CallId call, const std::optional<std::string>& text) {
    raise(text ? codec::decode_check_result(*text, call, now())
               : event::OutcomeReceived{0, call, Outcome::unknown, std::nullopt, {}});
}

void Hub::stream_opened(StreamId stream) { raise(event::StreamOpened{stream}); }
void Hub::stream_failed(StreamId stream) { raise(event::StreamFailed{stream}); }
void Hub::end_pushed(StreamId stream) { raise(event::EndPushed{stream}); }

// A record bears no time before 1970, and none that no hub could read, whatever the device's clock says.
EpochMs Hub::now() { return std::clamp<EpochMs>(platform_.now(), 0, limits::clock_ms_max); }

void Hub::raise(Event event) {
    state_.queue.push_back(std::move(event));
    run();
}

void Hub::run() {
    if (state_.is_running) return;
    state_.is_running = true;
    // Once: what follows from one event happens at one moment.
    const EpochMs now = this->now();
    std::size_t next = 0;
    while (next < state_.queue.size()) {
        const Event event = std::move(state_.queue[next++]);  // the queue may grow while the event is performed
        for (Effect& effect : advance(state_.core, now, event)) perform(std::move(effect), now);
    }
    state_.queue.clear();
    state_.is_running = false;
}

const Read& Hub::decode(const std::string& text) {
    if (!state_.record || state_.record->text != text)
        state_.record = DecodedRecord{text, decode_stored(state_.medium, text)};
    return state_.record->read;
}

Read Hub::read_record() {
    const RawRead raw = platform_.read_record();
    return match(
        raw, [](std::monostate) -> Read { return read::Absent{}; },
        [](StoreBlocked) -> Read { return read::Blocked{}; }, [](StoreOversized) -> Read { return read::Unreadable{}; },
        [&](const std::string& text) { return decode(text); });
}

Event Hub::write_record(effect::WriteRecord&& write) {
    std::string text = stored_text(state_.medium, write.record);
    if (!platform_.write_record(text)) return event::RecordNotWritten{write.write_id};
    state_.record = DecodedRecord{std::move(text), std::move(write.record)};
    return event::RecordWritten{write.write_id};
}

void Hub::perform(Effect&& effect, EpochMs now) {
    match(
        effect, [&](const effect::ReadRecord&) { raise(event::RecordRead{read_record()}); },
        [&](effect::WriteRecord& write) { raise(write_record(std::move(write))); },
        [&](const effect::UseStore& use) {
            state_.medium = use.medium;
            state_.record.reset();  // the same text may mean something else there
            platform_.use_backend(use.medium);
        },
        [&](const effect::MarkStore&) { platform_.mark_store(); },
        [&](const effect::AbandonCookie&) { platform_.abandon_cookie(); },
        [&](const effect::ShowButton& button) { platform_.show_button(button.label, button.style); },
        [&](const effect::ReadTombstone&) { platform_.read_tombstone(); },
        [&](const effect::StoreTombstone& tombstone) {
            platform_.store_tombstone(tombstone.write_id, codec::encode_record(tombstone.record));
        },
        [&](const effect::Welcome& welcome) {
            platform_.send(welcome.port, codec::encode_welcome(welcome, LOCKSTEP_VERSION));
        },
        [&](const effect::Announce& announce) { platform_.send(announce.port, codec::encode_changed(announce)); },
        [&](const effect::Reply& reply) { platform_.send(reply.port, codec::encode_reply(reply)); },
        [&](const effect::ErrorNotice& error) { platform_.send(error.port, codec::encode_error_notice(error.code)); },
        [&](const effect::ClosePort& close) {
            if (close.goodbye) platform_.send(close.port, codec::encode_goodbye(*close.goodbye));
            platform_.close_port(close.port);
        },
        [&](const effect::AskLock& ask) { ask.steal ? platform_.steal_lock() : platform_.request_lock(); },
        [&](const effect::ReleaseLock&) { platform_.release_lock(); },
        [&](const effect::CallDuty& duty) {
            if (duty.port == 0) {
                platform_.fetch_check(duty.call, state_.core.config.check_url);
            } else {
                platform_.send(duty.port, codec::encode_duty(duty));
            }
        },
        [&](const effect::CancelDuty& cancel) {
            if (cancel.port == 0) {
                platform_.cancel_check(cancel.call);
            } else {
                platform_.send(cancel.port, codec::encode_cancel(cancel));
            }
        },
        [&](const effect::OpenStream& open) {
            const Config& config = state_.core.config;
            const auto channel = [&](std::string_view kind, const std::string& name) {
                return std::string(kind) + '|' + config.issuer + '|' + name;
            };
            platform_.open_stream(open.stream, config.push_url,
                                  open.session_id ? channel("sid", *open.session_id) : std::string(),
                                  channel("sub", open.subject), open.signed_in_at, open.steals);
        },
        [&](const effect::CloseStream&) { platform_.close_stream(); },
        [&](const effect::SetTimer& timer) {
            platform_.set_timer(timer.at ? std::optional(std::max<EpochMs>(*timer.at - now, 0)) : std::nullopt);
        });
}

}  // namespace lockstep
