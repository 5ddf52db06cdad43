// A tab of another site between two stores: the part that the browser gives every page of that site, and the first
// party's. The browser shows it the one or the other, with the user's gesture or without; which is used is the hub's to
// say.
#include <iterator>
#include <utility>

#include "tests/sim/tab.hpp"

namespace lockstep::sim {
namespace {

// wasm/browser/interop.cpp passes on no event of another backend than the one in use.
constexpr bool hears_strays = false;

}  // namespace

bool Tab::is_guest() const { return app_.place->site != 0; }

StorageCapabilities Tab::storage(Reach reach) const {
    StorageCapabilities shown;
    if (!is_guest()) {
        shown.handle = Handle::own_storage;
    } else if (reach == Reach::part) {
        shown.asking = Asking::possible;
    } else if (stores_.wider == Wider::handle) {
        shown.handle = Handle::first_party;
    } else {
        shown.cookie = true;
    }
    return shown;
}

bool Tab::asks_for_scope() {
    if (app_.port == 0) return false;
    const std::uint32_t id = ++app_.id_last;
    app_.owed.push_back(id);
    return say(R"({"type":"scope","id":)" + std::to_string(id) + R"(,"label":"Stay signed in"})");
}

void Tab::show_button(const std::string& label, const std::string&) {
    count_effect();
    if (std::ostream* out = story()) *out << " shows a button\n";
    if (label != "Stay signed in") machine_.complain("a button has another label than the app's");
    shows_button_ = true;
}

bool Tab::is_placed(Reach reach) {
    if (!is_guest()) return false;
    return input([&] { hub_->storage_capabilities_changed(storage(reach), std::exchange(shows_button_, false)); });
}

bool Tab::is_answered() {
    if (!shows_button_ || life != Life::running) return false;
    return is_placed(store_ == &stores_.own ? Reach::part : Reach::first_party);
}

void Tab::use_store(Medium medium) {
    count_effect();
    if (std::ostream* out = story())
        *out << (medium == Medium::local_storage ? " uses its part\n" : " uses the first party's store\n");
    if (lock_held_ != 0) machine_.complain("R6: a lock is held on in a store that is left");
    if (reference_.call && reference_.call->runs) machine_.complain("R6: a duty goes on whose store is left");
    reference_.call.reset();
    leave_store(reference_, machine_.wall_ms);
    note_birth();
    heard_.reset();
    tombstone_asked_ = false;  // bridge-html/host.ts: what was asked of an earlier store is no answer
    enter(medium == Medium::local_storage ? stores_.own : stores_.first_party);
}

void Tab::enter(Store& store) {
    if (store_ != &store) {
        store_->leave(ear);
        strays_.insert(strays_.end(), std::make_move_iterator(ear.queue.begin()),
                       std::make_move_iterator(ear.queue.end()));
        ear.queue.clear();
        store_ = &store;
        store_->enter(ear);
    }
    reference_.kept_before = &store.kept_before_kill();
    note_tombstone();
    reference_.scope = is_guest() && store_ == &stores_.own ? "partitioned" : "shared";
}

bool Tab::drops_stray() {
    const Heard heard = std::exchange(strays_.front(), nullptr);
    strays_.pop_front();
    if (!hears_strays || !heard) return true;
    return input([&] { hub_->store_changed(heard->text); });
}

// The hub decides, or says, what has become of what it held in the store before.
void Tab::settle_move() {
    if (reference_.newer) return;
    machine_.complain(settle_left(reference_, machine_.wall_ms));
    note_birth();
}

// The hub knows what its app shows, and by which birth it is called now.
void Tab::note_birth() {
    if (!std::exchange(reference_.is_called_anew, false) || !app_.told || !app_.base) return;
    if (app_.base->session == reference_.goes_on->before) app_.base->session = reference_.goes_on->now;
}

}  // namespace lockstep::sim
