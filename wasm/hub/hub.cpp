#include "wasm/hub/hub.hpp"

#include <algorithm>
#include <utility>

#include "wasm/codec/record.hpp"
#include "wasm/codec/wire.hpp"
#include "wasm/core/match.hpp"

namespace lockstep {
namespace {

[[nodiscard]] Read decode_read(const RawRead& look) {
    return match(
        look, [](std::monostate) -> Read { return read::Absent{}; },
        [](StoreBlocked) -> Read { return read::Blocked{}; }, [](StoreOversized) -> Read { return read::Unreadable{}; },
        [](StoreSame) -> Read { return read::Unreadable{}; },
        [](const std::string& text) { return codec::decode_record(text); });
}

}  // namespace

Hub::Hub(Config config, Platform& platform) : platform_(platform), state_(initial_state(std::move(config))) {}

void Hub::started(std::string writer, StorageCapabilities storage, bool visible) {
    happen(event::Started{std::move(writer), std::move(storage), visible});
}

bool Hub::is_origin_allowed(PortId port, std::string_view origin) {
    if (capabilities_of(state_.config, origin)) return true;
    platform_.close_port(port);
    return false;
}

void Hub::hello(PortId port, std::string origin, const std::optional<std::string>& text) {
    if (!text) {
        platform_.close_port(port);
        return;
    }
    auto decoded = codec::decode_hello(*text);
    if (const auto* refusal = std::get_if<codec::Refusal>(&decoded)) {
        // An app of another version is told, so that its developer need not guess. Anything else is dropped (PROTOCOL
        // §1).
        if (refusal->code == Code::version) platform_.send(port, codec::encode_goodbye(Code::version));
        platform_.close_port(port);
        return;
    }
    happen(event::HelloReceived{port, std::move(origin), std::get<codec::Hello>(decoded).last});
}

void Hub::message(PortId port, const std::optional<std::string>& text) {
    auto decoded = text ? codec::decode_message(*text, port) : codec::Refusal{Code::oversized, 0};
    if (const auto* refusal = std::get_if<codec::Refusal>(&decoded)) {
        happen(event::Refused{port, refusal->id, refusal->code});
    } else {
        happen(std::get<Event>(std::move(decoded)));
    }
}

void Hub::store_changed(const std::optional<std::string>& shown) {
    happen(event::StoreChanged{shown ? codec::decode_record(*shown) : read::Absent{}});
}
void Hub::store_cleared() { happen(event::StoreCleared{}); }
void Hub::woke() { happen(event::Woke{}); }
void Hub::storage_capabilities_changed(StorageCapabilities storage, bool asked) {
    happen(event::StorageCapabilitiesChanged{std::move(storage), asked});
}
void Hub::tombstone_read(const RawRead& look) { happen(event::TombstoneRead{decode_read(look)}); }
void Hub::tombstone_stored(WriteId write_id) { happen(event::TombstoneStored{write_id}); }

void Hub::visibility_changed(bool visible) { happen(event::VisibilityChanged{visible}); }
void Hub::leaving() { happen(event::Leaving{}); }
void Hub::lock_answered(LockAnswer answer) { happen(event::LockAnswered{answer}); }
void Hub::lock_lost() { happen(event::LockLost{}); }

void Hub::check_fetched(CallId call, const std::optional<std::string>& text) {
    happen(text ? codec::decode_check_result(*text, call)
                : event::OutcomeReceived{0, call, Outcome::unknown, std::nullopt, {}});
}

void Hub::timer_fired() {
    events_.push_back(event::TimerFired{});  // before a write is concluded, which may set the timer anew
    others_heard();
}

void Hub::others_heard() {
    conclude_write();
    run();
}

void Hub::happen(Event event) {
    conclude_write();  // first things first
    events_.push_back(std::move(event));
    run();
}

void Hub::conclude_write() {
    if (const auto write_id = std::exchange(written_, std::nullopt)) events_.push_back(event::RecordWritten{*write_id});
}

void Hub::run() {
    if (stepping_ || events_.empty()) return;  // what an effect raises waits its turn
    stepping_ = true;
    const EpochMs now = platform_.now();  // once: all of it happens in one moment
    for (std::size_t at = 0; at < events_.size(); ++at) {
        const Event next = std::move(events_[at]);  // its place may move while it is performed
        for (Effect& effect : advance(state_, now, next)) perform(std::move(effect), now);
    }
    events_.clear();
    stepping_ = false;
}

Read Hub::read_store() {
    const RawRead look = platform_.read_record();
    if (std::holds_alternative<std::string>(look)) {
        seen_ = decode_read(look);
    } else if (!std::holds_alternative<StoreSame>(look)) {
        return decode_read(look);
    }
    return seen_;
}

void Hub::perform(Effect&& effect, EpochMs now) {
    match(
        effect, [&](const effect::ReadRecord&) { happen(event::RecordRead{read_store()}); },
        [&](effect::WriteRecord& write) {
            if (!platform_.write_record(codec::encode_record(write.record)))
                return happen(event::RecordNotWritten{write.write_id});
            seen_ = std::move(write.record);
            written_ = write.write_id;
            if (!platform_.let_others_hear()) conclude_write();
        },
        [&](const effect::UseStore& use) { platform_.use_store(use.medium); },
        [&](const effect::ShowButton& button) { platform_.show_button(button.label, button.style); },
        [&](const effect::ReadTombstone&) { platform_.read_tombstone(); },
        [&](const effect::StoreTombstone& keep) {
            platform_.store_tombstone(keep.write_id, codec::encode_record(keep.record));
        },
        [&](const effect::Welcome& welcome) {
            platform_.send(welcome.port, codec::encode_welcome(welcome, LOCKSTEP_VERSION));
        },
        [&](const effect::Announce& announce) { platform_.send(announce.port, codec::encode_changed(announce)); },
        [&](const effect::Reply& reply) { platform_.send(reply.port, codec::encode_reply(reply)); },
        [&](const effect::ErrorNotice& report) {
            platform_.send(report.port, codec::encode_error_notice(report.code));
        },
        [&](const effect::ClosePort& close) {
            if (close.goodbye) platform_.send(close.port, codec::encode_goodbye(*close.goodbye));
            platform_.close_port(close.port);
        },
        [&](const effect::AskLock& ask) { platform_.ask_lock(ask.steal); },
        [&](const effect::ReleaseLock&) { platform_.release_lock(); },
        [&](const effect::CallDuty& duty) {
            if (duty.port == 0) {
                platform_.fetch_check(duty.call, state_.config.check_url);
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
        [&](const effect::SetTimer& timer) {
            if (!timer.at) {
                platform_.set_timer(std::nullopt);
            } else {
                platform_.set_timer(std::max<EpochMs>(*timer.at - now, 0));
            }
        });
}

}  // namespace lockstep
