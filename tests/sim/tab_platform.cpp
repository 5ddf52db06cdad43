// The hub's Platform. Every call is counted, checked against the reference model, and only then performed.
#include <utility>

#include "tests/sim/tab.hpp"
#include "wasm/codec/cookie_text.hpp"
#include "wasm/core/match.hpp"

namespace lockstep::sim {
namespace {

// One input may read, write and reply to all waiting requests. With more effects the hub never finishes.
constexpr std::uint32_t effects_an_input_max = 300;

[[nodiscard]] std::string with_later_member(const std::string& text, const std::string& writer) {
    if (text.find(later_member) != std::string::npos) return text;
    return text.substr(0, text.size() - 1) + "," + std::string(later_member) + R"({"by":")" + writer + "\"}}";
}

}  // namespace

RawRead Tab::read_record() {
    machine_.steps += 1;
    count_effect();
    RawRead raw = read_store();
    note_overdue(reference_);
    if (reference_.migration_source) reference_.target_record = reference_.known;
    return raw;
}

RawRead Tab::read_store() {
    if (!store_->blocked || event_record_) target_opened(reference_);  // an event shows what a blocked store holds
    if (const auto event = std::exchange(event_record_, std::nullopt)) shown(reference_, *event);
    reference_.blocked = store_->blocked;
    reference_.newer = false;
    reference_.refused = false;
    if (store_->blocked) {
        if (std::ostream* out = trace()) *out << " is refused a read\n";
        return StoreBlocked{};
    }
    const ValuePtr& view = store_->view(storage_events.process);
    reference_.stored.reset();
    reference_.store_seen = reference_.store_seen || !view || !std::holds_alternative<read::Newer>(view->read);
    if (!view) {
        if (std::ostream* out = trace()) *out << " reads nothing\n";
        note_browser_end();
        return std::monostate{};
    }
    if (std::ostream* out = trace()) *out << " reads " << view->text << '\n';
    if (const auto* record = std::get_if<Record>(&view->read)) {
        shown(reference_, *record);
        reference_.stored = *record;
    }
    reference_.newer = std::holds_alternative<read::Newer>(view->read);
    if (reference_.store_seen) note_browser_end();
    return stored_form(view->text);
}

// `persistence: 'browser'`: what its first hub finds has ended with the browser.
void Tab::note_browser_end() {
    if (!std::exchange(reference_.ends_first_read, false)) return;
    if (const auto found = held(reference_); found && is_active(*found)) reference_.cleared.push_back(found->created);
}

std::string Tab::stored_form(const std::string& text) const {
    return reference_.medium == Medium::cookie ? codec::encode_cookie(text) : text;
}

bool Tab::write_record(const std::string& stored) {
    machine_.steps += 1;
    count_effect();
    const std::string text = reference_.medium == Medium::cookie ? codec::decode_cookie(stored).value_or("") : stored;
    const bool refused = store_->blocked || store_->full;
    if (std::ostream* out = trace()) *out << (refused ? " cannot store " : " stores ") << text << '\n';
    const ValuePtr asked = make_value(text);
    machine_.report(check_write(reference_, *asked, machine_.wall_ms));
    if (text.find(secret_marker) != std::string::npos) machine_.report("R13: a secret is stored");
    reference_.refused = refused;
    if (const auto* record = std::get_if<Record>(&asked->read)) {
        if (record->ended && !knows_end_of(reference_, record->created)) reference_.ended.push_back(record->created);
        if (!refused) {
            shown(reference_, *record);
            reference_.stored = *record;
            reference_.own.reset();
        }
        note_conclusion(*record);
        if (refused) decided_alone(reference_, *record);
        note_migration();
    }
    if (!refused)
        store_->write(storage_events,
                      document_.later_release ? make_value(with_later_member(text, document_.writer)) : asked);
    return !refused;
}

void Tab::read_tombstone() {
    count_effect();
    if (tombstone_asked_) machine_.report("R12: the tombstone is read twice at the same time");
    tombstone_asked_ = true;
}

void Tab::store_tombstone(WriteId write_id, const std::string& text) {
    count_effect();
    if (std::ostream* out = trace()) *out << " stores the tombstone " << text << '\n';
    ValuePtr end = make_value(text);
    const auto* record = std::get_if<Record>(&end->read);
    if (record == nullptr || is_active(*record)) machine_.report("R12: a tombstone is not an ended record");
    if (record != nullptr && (!record->subject.empty() || !record->claims.empty()))
        machine_.report("R13: a tombstone has a subject or claims");
    const auto put = std::make_shared<Put>(Put{std::move(end)});
    store_->put(put);
    tombstone_writes_.push_back({write_id, store_, put});
}

void Tab::send(PortId port, const std::string& text) {
    count_effect();
    if (std::ostream* out = trace()) *out << " receives " << text << '\n';
    if (text.find(secret_marker) != std::string::npos) machine_.report("R13: a secret is sent");
    const Message message = read_message(text);
    const bool is_current = port == app_.port;
    if (message.type == MessageType::cancel) {
        machine_.report(check_cancel(reference_, port, message.call));
        if (reference_.call) reference_.call->runs = false;
        return;  // the app may still answer; on a closed port it receives nothing
    }
    if (!is_current) {
        // A replaced port, or one of another version, gets a goodbye and nothing else.
        const bool is_goodbye = port == replaced_port_ && message.type == MessageType::goodbye;
        if (!is_goodbye) machine_.report("R11: a hub sends on a port that is not the current one");
        return;
    }
    if (message.type == MessageType::welcome || message.type == MessageType::changed) {
        note_own();
        note_migration();
    }
    machine_.report(check_message(reference_, app_, message, machine_.wall_ms));
    if (message.type == MessageType::duty)
        note_call(port, message.call, message.duty == "end" ? DutyKind::end : DutyKind::check);
    if (message.type == MessageType::reply)
        std::erase_if(reference_.checks, [&](const CheckAsked& check) { return check.id == message.id; });
    receive(app_, message);
    if (message.type == MessageType::welcome || message.type == MessageType::changed)
        reference_.named_after = reference_.migrations;
    reference_.is_welcomed = app_.received.has_value();
    const bool announces_end =
        app_.received && app_.received->status == "signed-out" && app_.received->scope != "alone";
    if (announces_end && reference_.known && !is_active(*reference_.known))
        store_->announce_end(reference_.known->created);
}

void Tab::close_port(PortId port) {
    if (port != app_.port) return;
    app_.port = 0;
    reference_.port_was_left = true;
    forget_port(reference_);
}

void Tab::set_timer(std::optional<EpochMs> delay_ms) {
    count_effect();
    timer_lost = false;
    timer_due = delay_ms ? std::optional(machine_.true_ms + *delay_ms) : std::nullopt;
}

// Without a store only the hub's memory has its record.
void Tab::note_own() {
    if (!reference_.blocked && !reference_.refused) return;
    reference_.own.reset();
    if (state().record) decided_alone(reference_, *state().record);
}

void Tab::count_effect() {
    effects_ += 1;
    if (effects_ < effects_an_input_max) return;
    machine_.report_invariant("a hub never finishes one input");
    throw NeverRests{};
}

// The checks after every input.
void Tab::check_after_input() {
    if (state().requests.empty()) reference_.logins_waiting = 0;
    if (const auto broken = violated(hub_->hub_state())) machine_.report_invariant(std::string(*broken));
    if (state().phase != Phase::running) return;
    check_duty_after_input();
    check_browser_start();
    check_stream_after_input();
    note_own();
    note_migration();
    note_overdue(reference_);
    const bool may_not_write = reference_.blocked || reference_.refused || reference_.newer;
    if (!may_not_write && reference_.known != reference_.stored)
        machine_.report("R10: an older record stays in the store");
    const Snapshot snapshot = snapshot_of(state());
    const bool has_deadline = snapshot.expires_at || snapshot.idle_at;
    if (state().writing) return;  // its outcome is the next event
    if (has_deadline && !timer_due && !timer_lost) machine_.report("R8: a session has a deadline and no timer is set");
    if (!has_deadline && timer_due && !stream_ && !may_have_duty_deadline(reference_))
        machine_.report("R8: a timer is set without a deadline");
}

}  // namespace lockstep::sim
