#include "tests/sim/tab.hpp"

#include <utility>

namespace lockstep::sim {
namespace {

constexpr std::uint32_t flood_messages = 150;

}  // namespace

Tab::Tab(Machine& machine, const Stores& stores, Provider& provider, std::uint32_t slot, std::uint32_t process,
         const AppPlace& place, Abilities abilities)
    : machine_(machine), stores_(stores), store_(&stores.own), provider_(provider), slot_(slot) {
    storage_events.process = process;
    app_.place = &place;
    app_.abilities = abilities;
    store_->enter(storage_events);
}

Tab::~Tab() { unload(); }

void Tab::load(const HubDocument& document, const Config& config) {
    note_orphan();
    document_ = document;
    tombstone_writes_.clear();
    drop_browser_side();
    reference_ = ReferenceModel{};
    reference_.writer = document.writer;
    reference_.place = app_.place;
    reference_.ends_first_read = document.browser_start && config.times.ends_with_browser;
    reference_.check_was_left = document.browser_start && !reference_.ends_first_read;
    reference_.times = config.times;
    reference_.has_check_address = !config.check_url.empty();
    reference_.provider = &provider_;
    reference_.now = &machine_.wall_ms;
    storage_events.queue.clear();
    enter(stores_.own);
    source_events_.clear();
    shows_button_ = has_seen_mark_ = false;
    timer_due.reset();
    timer_lost = false;
    tombstone_asked_ = false;
    app_.port = 0;
    unasked_session_.reset();
    hub_ = std::make_unique<Hub>(config, *this);
    input([&] { hub_->started(document_.writer, storage(document_.reach), visible_, document_.browser_start); });
    const auto& found = reference_.known;
    if (document.browser_start && found && is_active(*found)) unasked_session_ = found->created;
}

void Tab::unload() {
    if (std::exchange(unloaded_, true)) return;
    note_orphan();
    drop_browser_side();
    store_->leave(storage_events);
}

bool Tab::send_to_hub(const std::string& text) {
    if (app_.port == 0) return false;
    if (std::ostream* out = trace()) *out << " sends " << text << '\n';
    return input([&] { hub_->message(app_.port, text); });
}

bool Tab::hello(Prng& chance) {
    reference_.named_after = reference_.migrations;
    say_hello(hello_text(app_, chance));
    if (app_.received && !chance.one_in(4)) static_cast<void>(send_duties(app_.abilities));
    return true;
}

bool Tab::say_hello(const std::string& text) {
    const PortId port = hub_->next_port();
    if (std::ostream* out = trace()) *out << " sends " << text << '\n';
    if (!hub_->is_origin_allowed(app_.place->origin)) machine_.report("R11: a listed origin is refused");
    replaced_port_ = std::exchange(app_.port, port);
    if (replaced_port_ != 0) reference_.port_was_left = true;
    forget_port(reference_);
    input([&] { hub_->hello(port, std::string(app_.place->origin), text); });
    replaced_port_ = 0;
    return true;
}

bool Tab::stranger(Prng& chance) {
    const PortId port = hub_->next_port();
    if (chance.one_in(2)) {
        // The page asks first; the core must refuse on its own as well.
        if (chance.one_in(2) && hub_->is_origin_allowed(stranger_origin))
            machine_.report("R11: an unlisted origin is allowed");
        input([&] {
            hub_->hello(port, std::string(stranger_origin), R"({"lockstep":1,"type":"hello","client":"0.1.0"})");
        });
        input([&] { hub_->message(port, R"({"type":"login","id":1,"subject":"mallory"})"); });
        input([&] { hub_->message(port, R"({"type":"logout","id":2})"); });
    } else {
        replaced_port_ = port;
        input([&] {
            hub_->hello(port, std::string(app_.place->origin), R"({"lockstep":2,"type":"hello","client":"9"})");
        });
        replaced_port_ = 0;
    }
    return true;
}

bool Tab::login(Prng& chance) {
    if (app_.port == 0) return false;
    const LoginText login = login_text(app_, chance, machine_.wall_ms);
    if (app_.place->may_login) {
        reference_.logins.push_back(login.asked);
        reference_.logins_waiting += 1;
    }
    return send_to_hub(login.text);
}

bool Tab::begin_login() {
    sim::begin_login(app_);
    return true;
}

bool Tab::logout(Prng& chance) {
    if (app_.port == 0) return false;
    const LogoutText logout = logout_text(app_, chance);
    reference_.logouts.push_back({app_.id_last, logout.session, logout.subject, logout.is_displayed,
                                  reference_.revision_seen, reference_.migrations});
    return send_to_hub(logout.text);
}

bool Tab::touch(std::uint32_t times) {
    for (std::uint32_t i = 0; i < times; ++i) {
        if (!send_to_hub(R"({"type":"touch"})")) return i > 0;
    }
    return true;
}

bool Tab::send_wake() {
    if (app_.port == 0) return false;
    const std::uint32_t id = ++app_.id_last;
    app_.pending.push_back(id);
    return send_to_hub(R"({"type":"wake","id":)" + std::to_string(id) + "}");
}

bool Tab::goodbye() {
    reference_.port_was_left = true;
    return send_to_hub(R"({"type":"goodbye"})");
}

bool Tab::garbage(Prng& chance) { return send_to_hub(garbage_text(chance)); }

bool Tab::flood() { return touch(flood_messages); }

bool Tab::deliver() {
    if (!source_events_.empty()) return deliver_source_event();
    if (probe()) return true;
    if (storage_events.queue.empty()) return false;
    if (!repeat()) return false;
    storage_events.queue.pop_front();
    return true;
}

bool Tab::repeat() {
    if (storage_events.queue.empty()) return false;
    if (storage_events.queue.front() == eviction()) return input([&] { hub_->cookie_gone(true); });
    if (const StorageEvent& event = storage_events.queue.front()) {
        if (std::ostream* out = trace()) *out << " gets the storage event " << event->text << '\n';
        const Record* record = record_in(event);
        if (record != nullptr) event_record_ = *record;
        return input([&] { hub_->store_changed(stored_form(event->text)); });
    }
    const auto record = held(reference_);
    if (record && is_active(*record)) reference_.cleared.push_back(record->created);
    return input([&] { hub_->store_cleared(); });
}

bool Tab::fire_timer() {
    if (!timer_due) return false;
    timer_due.reset();
    return input([&] { hub_->timer_fired(); });
}

bool Tab::lose_timer() {
    if (!timer_due) return false;
    timer_due.reset();
    timer_lost = true;
    return true;
}

bool Tab::freeze() {
    life = Life::frozen;
    return true;
}

void Tab::wake() {
    reference_.has_left = false;
    storage_events.is_stale = store_->has_silent_change(storage_events.process);
    input([&] { hub_->woke(); });
}

bool Tab::finish_tombstone() {
    if (tombstone_writes_.empty()) return false;
    tombstone_writes_.front().store->finish_puts_until(*tombstone_writes_.front().put);
    return tombstone_stored();
}

bool Tab::fail_tombstone_write() {
    if (tombstone_writes_.empty()) return false;
    if (!tombstone_writes_.front().put->done) tombstone_writes_.front().put->failed = true;
    return tombstone_stored();
}

// The hub stops waiting, and the put completes later.
bool Tab::outlast_tombstone_write() { return !tombstone_writes_.empty() && tombstone_stored(); }

// The hub gets the same event for a put that is complete and one that failed.
bool Tab::tombstone_stored() {
    const WriteId write_id = tombstone_writes_.front().write_id;
    tombstone_writes_.pop_front();
    return input([&] { hub_->tombstone_stored(write_id); });
}

bool Tab::answer_tombstone_read() {
    if (!std::exchange(tombstone_asked_, false)) return false;
    const ValuePtr& tombstone = store_->tombstone();
    target_opened(reference_);
    if (const Record* record = note_tombstone()) shown(reference_, *record);
    return input([&] { hub_->tombstone_read(tombstone ? std::optional(tombstone->text) : std::nullopt); });
}

bool Tab::fail_tombstone_read() {
    if (!std::exchange(tombstone_asked_, false)) return false;
    store_->miss_tombstone();
    target_opened(reference_);
    reference_.tombstone.reset();
    return input([&] { hub_->tombstone_read(std::nullopt); });
}

const Record* Tab::note_tombstone() {
    const ValuePtr& tombstone = store_->tombstone();
    const Record* record = tombstone ? std::get_if<Record>(&tombstone->read) : nullptr;
    reference_.tombstone = record != nullptr ? std::optional(*record) : std::nullopt;
    return record;
}

std::ostream* Tab::trace() const {
    if (machine_.trace != nullptr) *machine_.trace << "  tab " << slot_ << " (" << app_.place->name << ')';
    return machine_.trace;
}

}  // namespace lockstep::sim
