// The browser as a tab's hub sees it. Every call is an act of the hub: it is counted, checked against what the hub has
// been shown and asked, and only then performed.
#include <utility>

#include "tests/sim/tab.hpp"
#include "wasm/core/match.hpp"

namespace lockstep::sim {
namespace {

// One input may read, write and answer; waiting requests are answered together. Beyond this a hub works for ever.
constexpr std::uint32_t effects_an_input_max = 300;

[[nodiscard]] std::string with_later_member(const std::string& text, const std::string& writer) {
    if (text.find(later_member) != std::string::npos) return text;
    return text.substr(0, text.size() - 1) + "," + std::string(later_member) + R"({"by":")" + writer + "\"}}";
}

}  // namespace

RawRead Tab::read_record() {
    machine_.steps += 1;
    count_effect();
    if (!store_->blocked) opened(reference_);
    if (const auto heard = std::exchange(heard_, std::nullopt)) shown(reference_, *heard);
    reference_.blocked = store_->blocked;
    reference_.newer = false;
    reference_.refused = false;
    if (store_->blocked) {
        if (std::ostream* out = story()) *out << " is refused a look\n";
        return StoreBlocked{};
    }
    const Held& view = store_->view(ear.process);
    reference_.standing.reset();
    if (!view) {
        if (std::ostream* out = story()) *out << " sees nothing stored\n";
        if (reference_.left) reference_.found = reference_.known;
        return std::monostate{};
    }
    if (std::ostream* out = story()) *out << " sees " << view->text << '\n';
    if (const auto* record = std::get_if<Record>(&view->read)) {
        shown(reference_, *record);
        reference_.standing = *record;
    }
    reference_.newer = std::holds_alternative<read::Newer>(view->read);
    if (reference_.left) reference_.found = reference_.known;
    if (std::exchange(same_, view->text) == view->text) return StoreSame{};
    return view->text;
}

bool Tab::write_record(const std::string& text) {
    machine_.steps += 1;
    count_effect();
    const bool refused = store_->blocked || store_->full;
    if (std::ostream* out = story()) *out << (refused ? " cannot store " : " stores ") << text << '\n';
    const Held asked = hold(text);
    machine_.complain(check_write(reference_, *asked, machine_.wall_ms));
    if (text.find(secret_marker) != std::string::npos) machine_.complain("R13: a secret is stored");
    reference_.refused = refused;
    if (const auto* record = std::get_if<Record>(&asked->read)) {
        if (record->ended && !knows_end_of(reference_, record->created)) reference_.ended.push_back(record->created);
        if (!refused) {
            shown(reference_, *record);
            reference_.standing = *record;
            reference_.own.reset();
        }
        note_conclusion(*record);
        if (refused) decided_alone(reference_, *record);
        settle_move();
    }
    if (!refused) same_ = text;
    if (!refused) store_->write(ear, birth_.later_release ? hold(with_later_member(text, birth_.writer)) : asked);
    return !refused;
}

void Tab::read_tombstone() {
    count_effect();
    if (tombstone_asked_) machine_.complain("R12: the tombstone is asked for twice at once");
    tombstone_asked_ = true;
}

void Tab::store_tombstone(WriteId write_id, const std::string& text) {
    count_effect();
    if (std::ostream* out = story()) *out << " keeps " << text << '\n';
    Held end = hold(text);
    const auto* record = std::get_if<Record>(&end->read);
    if (record == nullptr || is_active(*record)) machine_.complain("R12: what is kept is no end");
    if (record != nullptr && (!record->subject.empty() || !record->claims.empty()))
        machine_.complain("R13: a tombstone keeps a name");
    const auto put = std::make_shared<Put>(Put{std::move(end)});
    store_->put(put);
    keeps_.push_back({write_id, store_, put});
}

void Tab::send(PortId port, const std::string& text) {
    count_effect();
    if (std::ostream* out = story()) *out << " is told " << text << '\n';
    if (text.find(secret_marker) != std::string::npos) machine_.complain("R13: a secret is told");
    const Message message = read_message(text);
    const bool is_current = port == app_.port;
    if (message.type == MessageType::cancel) {
        machine_.complain(check_cancel(reference_, port, message.call));
        if (reference_.call) reference_.call->runs = false;
        return;  // the app may answer all the same; on a port that it has left it does not even hear
    }
    if (!is_current) {
        // An earlier port, or one of another version, is told that it is over, and nothing else.
        const bool may_part = port == parting_port_ && message.type == MessageType::goodbye;
        if (!may_part) machine_.complain("R11: a hub speaks on a port that is not the current one");
        return;
    }
    if (message.type == MessageType::welcome || message.type == MessageType::changed) {
        note_own();
        settle_move();
    }
    machine_.complain(check_told(reference_, app_, message, machine_.wall_ms));
    if (message.type == MessageType::duty)
        note_call(port, message.call, message.duty == "end" ? DutyKind::end : DutyKind::check);
    if (message.type == MessageType::reply)
        std::erase_if(reference_.checks, [&](const CheckAsked& check) { return check.id == message.id; });
    told(app_, message);
    reference_.is_welcomed = app_.told.has_value();
    const bool tells_end = app_.told && app_.told->status == "signed-out" && app_.told->scope != "alone";
    if (tells_end && reference_.known && !is_active(*reference_.known)) store_->tell_end(reference_.known->created);
}

void Tab::close_port(PortId port) {
    if (port != app_.port) return;
    app_.port = 0;
    leave_port(reference_);
}

void Tab::set_timer(std::optional<EpochMs> delay_ms) {
    count_effect();
    timer_lost = false;
    timer_due = delay_ms ? std::optional(machine_.true_ms + *delay_ms) : std::nullopt;
}

// Without a store there is nobody but the hub to say what it holds.
void Tab::note_own() {
    if (!reference_.blocked && !reference_.refused) return;
    reference_.own.reset();
    if (state().record) decided_alone(reference_, *state().record);
}

void Tab::count_effect() {
    effects_ += 1;
    if (effects_ < effects_an_input_max) return;
    machine_.complain("a hub does not come to rest after one input");
    throw NeverRests{};
}

// What holds whenever a hub rests.
void Tab::check_after_input() {
    if (state().requests.empty()) reference_.logins_waiting = 0;
    if (const auto broken = violated(state())) machine_.complain(std::string(*broken));
    if (state().phase != Phase::running) return;
    check_duty_after_input();
    note_own();
    settle_move();
    const bool may_not_write = reference_.blocked || reference_.refused || reference_.newer;
    if (!may_not_write && reference_.known != reference_.standing)
        machine_.complain("R10: an older record is left standing");
    const Snapshot snapshot = snapshot_of(state());
    const bool has_deadline = snapshot.expires_at || snapshot.idle_at;
    if (state().writing) return;  // its outcome is the next event
    if (has_deadline && !timer_due && !timer_lost) machine_.complain("R8: a deadline is near and no timer is set");
    if (!has_deadline && timer_due && !may_have_duty_deadline(reference_))
        machine_.complain("R8: a timer runs without a deadline");
}

}  // namespace lockstep::sim
