#include "tests/sim/tab.hpp"

#include <utility>

namespace lockstep::sim {
namespace {

constexpr std::uint32_t flood_messages = 150;

}  // namespace

Tab::Tab(Machine& machine, const Stores& stores, Provider& provider, std::uint32_t slot, std::uint32_t process,
         const AppPlace& place, Skill skill)
    : machine_(machine), stores_(stores), store_(&stores.own), provider_(provider), slot_(slot) {
    ear.process = process;
    app_.place = &place;
    app_.skill = skill;
    store_->enter(ear);
}

Tab::~Tab() { unload(); }

void Tab::load(const Birth& birth, const Config& config) {
    birth_ = birth;
    whims_ = Prng(birth.whims);
    keeps_.clear();
    drop_browser_side();
    reference_ = ReferenceModel{};
    reference_.writer = birth.writer;
    reference_.place = app_.place;
    reference_.times = config.times;
    reference_.has_check_address = !config.check_url.empty();
    reference_.provider = &provider_;
    reference_.now = &machine_.wall_ms;
    ear.queue.clear();
    enter(stores_.own);
    strays_.clear();
    shows_button_ = false;
    timer_due.reset();
    timer_lost = false;
    tombstone_asked_ = false;
    app_.port = 0;
    hub_ = std::make_unique<Hub>(config, *this);
    same_.clear();
    input([&] { hub_->started(birth_.writer, storage(birth_.reach), visible_); });
}

void Tab::unload() {
    if (std::exchange(unloaded_, true)) return;
    drop_browser_side();
    store_->leave(ear);
}

bool Tab::say(const std::string& text) {
    if (app_.port == 0) return false;
    if (std::ostream* out = story()) *out << " says " << text << '\n';
    return input([&] { hub_->message(app_.port, text); });
}

bool Tab::hello(Prng& chance) {
    speaks_out();
    const PortId port = ++port_last_;
    const std::string text = hello_text(app_, chance);
    if (std::ostream* out = story()) *out << " says " << text << '\n';
    if (!hub_->is_origin_allowed(port, app_.place->origin)) machine_.complain("R11: a listed origin is refused");
    parting_port_ = std::exchange(app_.port, port);
    if (parting_port_ != 0) reference_.port_was_left = true;
    leave_port(reference_);
    input([&] { hub_->hello(port, std::string(app_.place->origin), text); });
    parting_port_ = 0;
    if (app_.told && !chance.one_in(4)) static_cast<void>(says_duties(app_.skill));
    return true;
}

bool Tab::stranger(Prng& chance) {
    const PortId port = ++port_last_;
    if (chance.one_in(2)) {
        // The bridge asks first; the core must refuse on its own as well.
        if (chance.one_in(2) && hub_->is_origin_allowed(port, stranger_origin))
            machine_.complain("R11: an unlisted origin is admitted");
        input([&] {
            hub_->hello(port, std::string(stranger_origin), R"({"lockstep":1,"type":"hello","client":"0.1.0"})");
        });
        input([&] { hub_->message(port, R"({"type":"login","id":1,"subject":"mallory"})"); });
        input([&] { hub_->message(port, R"({"type":"logout","id":2})"); });
    } else {
        parting_port_ = port;
        input([&] {
            hub_->hello(port, std::string(app_.place->origin), R"({"lockstep":2,"type":"hello","client":"9"})");
        });
        parting_port_ = 0;
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
    return say(login.text);
}

bool Tab::logout(Prng& chance) {
    if (app_.port == 0) return false;
    const LogoutText logout = logout_text(app_, chance);
    reference_.logouts.push_back({app_.id_last, logout.names});
    return say(logout.text);
}

bool Tab::touch(std::uint32_t times) {
    for (std::uint32_t i = 0; i < times; ++i) {
        if (!say(R"({"type":"touch"})")) return i > 0;
    }
    return true;
}

bool Tab::app_wakes() { return say(R"({"type":"wake"})"); }

bool Tab::goodbye() {
    reference_.port_was_left = true;
    return say(R"({"type":"goodbye"})");
}

bool Tab::garbage(Prng& chance) { return say(garbage_text(chance)); }

bool Tab::flood() { return touch(flood_messages); }

bool Tab::deliver() {
    if (!strays_.empty()) return drops_stray();
    if (ear.queue.empty()) return false;
    if (!repeat()) return false;
    ear.queue.pop_front();
    return true;
}

bool Tab::repeat() {
    if (ear.queue.empty()) return false;
    if (const Heard& heard = ear.queue.front()) {
        // wasm/browser/interop.cpp: the value is passed on only where the store shows another.
        const Held& view = store_->view(ear.process);
        const bool is_shown = store_->blocked || (view && view->text == heard->text);
        if (std::ostream* out = story())
            *out << (is_shown ? " hears of a change\n" : " hears of " + heard->text + '\n');
        const Record* record = record_in(heard);
        if (!is_shown && record != nullptr) heard_ = *record;
        return input([&] { hub_->store_changed(is_shown ? std::nullopt : std::optional(heard->text)); });
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

void Tab::wakes() {
    ear.misled = store_->misleads(ear.process);
    input([&] { hub_->woke(); });
}

bool Tab::finish_keep() {
    if (keeps_.empty()) return false;
    keeps_.front().store->finish_puts_until(*keeps_.front().put);
    return tombstone_stored();
}

bool Tab::fail_keep() {
    if (keeps_.empty()) return false;
    if (!keeps_.front().put->done) keeps_.front().put->failed = true;
    return tombstone_stored();
}

// The wait for the disk is over, the end gets there later.
bool Tab::late_keep() { return !keeps_.empty() && tombstone_stored(); }

// To the hub an end that was kept and one that could not be are the same.
bool Tab::tombstone_stored() {
    const WriteId write_id = keeps_.front().write_id;
    keeps_.pop_front();
    return input([&] { hub_->tombstone_stored(write_id); });
}

bool Tab::answer_tombstone() {
    if (!std::exchange(tombstone_asked_, false)) return false;
    const Held& kept = store_->kept();
    opened(reference_);
    if (const Record* record = note_tombstone()) shown(reference_, *record);
    return input([&] { hub_->tombstone_read(kept ? RawRead(kept->text) : RawRead()); });
}

bool Tab::fail_tombstone() {
    if (!std::exchange(tombstone_asked_, false)) return false;
    store_->miss_tombstone();
    opened(reference_);
    reference_.kept.reset();
    return input([&] { hub_->tombstone_read(RawRead()); });
}

const Record* Tab::note_tombstone() {
    const Held& kept = store_->kept();
    const Record* record = kept ? std::get_if<Record>(&kept->read) : nullptr;
    reference_.kept = record != nullptr ? std::optional(*record) : std::nullopt;
    return record;
}

std::ostream* Tab::story() const {
    if (machine_.story != nullptr) *machine_.story << "  tab " << slot_ << " (" << app_.place->name << ')';
    return machine_.story;
}

}  // namespace lockstep::sim
