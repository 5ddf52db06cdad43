// A tab of another site and its two stores: the partition of that site and the first-party store. The browser offers
// the one or the other, with the user's gesture or without; the hub decides which one it uses.
#include <iterator>
#include <utility>

#include "tests/sim/tab.hpp"
#include "wasm/codec/names.hpp"

namespace lockstep::sim {
namespace {

// wasm/browser passes on no event of the migration source.
constexpr bool delivers_source_events = false;

}  // namespace

bool Tab::is_guest() const { return app_.place->site != 0; }

bool Tab::is_withheld() const { return stores_.first_party_access == FirstPartyAccess::withheld; }

StorageCapabilities Tab::storage(Reach reach) {
    jar_changes_seen_ = stores_.jar.changes;
    if (is_withheld()) return storage_without_handle();
    StorageCapabilities shown;
    if (!is_guest()) {
        shown.handle = Handle::own_storage;
    } else if (reach == Reach::partition) {
        shown.asking = Asking::possible;
    } else if (stores_.first_party_access == FirstPartyAccess::handle) {
        shown.handle = Handle::first_party;
    } else {
        shown.cookie = true;
    }
    shown.marked = shown.handle != Handle::none && (!stores_.jar.is_used || stores_.jar.is_marked());
    shown.record_in_cookie = stores_.jar.is_used && record_in(stores_.cookie.truth()) != nullptr;
    return shown;
}

// The cookie works all the while: it is the hub that must leave it.
StorageCapabilities Tab::storage_without_handle() {
    has_seen_mark_ = has_seen_mark_ || (!is_guest() && stores_.jar.marks_storage);
    StorageCapabilities shown;
    shown.marked = has_seen_mark_;
    shown.marked_elsewhere = !shown.marked && stores_.jar.marks_jar;
    shown.cookie = true;
    return shown;
}

bool Tab::probe() {
    if (!stores_.jar.is_used || jar_changes_seen_ == stores_.jar.changes) return false;
    const Reach reach = is_guest() && store_ == &stores_.own ? Reach::partition : Reach::first_party;
    if (std::ostream* out = trace()) *out << " looks for the marks again\n";
    return input([&] { hub_->storage_capabilities_changed(storage(reach), false); });
}

void Tab::mark_store() {
    count_effect();
    if (std::ostream* out = trace()) *out << " marks the first-party store\n";
    stores_.jar.mark();
    jar_changes_seen_ = stores_.jar.changes;
}

void Tab::abandon_cookie() {
    count_effect();
    if (std::ostream* out = trace()) *out << " abandons the cookie\n";
    stores_.cookie.abandon();
}

// What it wrote last may be under a key that nobody knows any more, or beside a store that it was about to use: whoever
// opens next moves it there.
void Tab::note_orphan() {
    if (!hub_ || !is_withheld() || store_ != &stores_.cookie) return;
    if (jar_changes_seen_ != stores_.jar.changes || state().migration.target) stores_.jar.is_orphaned = true;
}

bool Tab::send_scope() {
    if (app_.port == 0) return false;
    const std::uint32_t id = ++app_.id_last;
    app_.pending.push_back(id);
    return send_to_hub(R"({"type":"scope","id":)" + std::to_string(id) + R"(,"label":"Stay signed in"})");
}

void Tab::show_button(const std::string& label, const std::string&) {
    count_effect();
    if (std::ostream* out = trace()) *out << " shows a button\n";
    if (label != "Stay signed in") machine_.report("the button has another label than the app asked for");
    shows_button_ = true;
}

bool Tab::show_storage(Reach reach) {
    if (!is_guest() || is_withheld()) return false;
    return input([&] { hub_->storage_capabilities_changed(storage(reach), std::exchange(shows_button_, false)); });
}

bool Tab::answer_scope_request() {
    if (!shows_button_ || life != Life::running) return false;
    return show_storage(store_ == &stores_.own ? Reach::partition : Reach::first_party);
}

void Tab::use_backend(Medium medium) {
    count_effect();
    if (std::ostream* out = trace()) *out << " uses " << codec::name_of(medium) << '\n';
    if (lock_held_ != 0) machine_.report("R6: a lock is held across a migration");
    if (reference_.call && reference_.call->runs) machine_.report("R6: a duty runs across a migration");
    reference_.call.reset();
    if (leaves_unread_end()) machine_.report("R1: the source is left although it shows the end of the session");
    const std::uint32_t migrations = reference_.migrations;
    switch_store(reference_, machine_.wall_ms);
    rename_known_session(migrations);
    event_record_.reset();
    tombstone_asked_ = false;  // bridge-html drops the answer for an earlier store
    const bool is_cookie = stores_.jar.is_used && medium == Medium::cookie;
    enter(medium == Medium::local_storage ? stores_.own : is_cookie ? stores_.cookie : stores_.first_party);
}

// The hub reads its store in the same input in which it leaves it, so nothing can have come in between.
bool Tab::leaves_unread_end() {
    const auto known = held(reference_);
    if (!known || !is_active(*known) || store_->blocked) return false;
    const ValuePtr& view = store_->view(storage_events.process);
    const Record* record = view ? std::get_if<Record>(&view->read) : nullptr;
    return record != nullptr && record->created == known->created && !is_active(*record);
}

void Tab::enter(Store& store) {
    if (store_ != &store) {
        store_->leave(storage_events);
        source_events_.insert(source_events_.end(), std::make_move_iterator(storage_events.queue.begin()),
                              std::make_move_iterator(storage_events.queue.end()));
        storage_events.queue.clear();
        store_ = &store;
        store_->enter(storage_events);
    }
    reference_.tombstones_before_kill = &store.tombstones_before_kill();
    note_tombstone();
    const bool is_own = !is_guest() || &store == &stores_.own;
    const bool has_handle = stores_.first_party_access == FirstPartyAccess::handle;
    reference_.medium = is_own ? Medium::local_storage : (has_handle ? Medium::storage_access : Medium::cookie);
    reference_.scope = is_guest() && store_ == &stores_.own ? "partitioned" : "shared";
    const bool is_cookie = stores_.jar.is_used && &store == &stores_.cookie;
    if (is_cookie) reference_.medium = Medium::cookie;
    if (is_cookie) reference_.scope = "shared";
    if (!is_withheld()) return;
    if (!is_cookie) reference_.medium = Medium::local_storage;
    // In its own storage it depends on what it has seen last: `check_scopes` knows when all has arrived.
    if (&store == &stores_.own) reference_.scope = {};
}

// What must be true when all has arrived.
std::string_view Tab::scope_due() const {
    if (!is_withheld() || store_ == &stores_.cookie) return reference_.scope;
    return has_seen_mark_ ? "shared" : "partitioned";
}

bool Tab::deliver_source_event() {
    const StorageEvent event = std::exchange(source_events_.front(), nullptr);
    source_events_.pop_front();
    if (!delivers_source_events || !event) return true;
    return input([&] { hub_->store_changed(stored_form(event->text)); });
}

// The hub has written or sent its decision about the migration.
void Tab::note_migration() {
    if (reference_.newer) return;
    machine_.report(finish_migration(reference_, machine_.wall_ms));
    rename_known_session(reference_.migrations);
}

// The hub knows what its app displays, and renames that session as it is named in the target, after so many migrations.
void Tab::rename_known_session(std::uint32_t migrations) {
    if (!std::exchange(reference_.app_names_source, false) || !app_.received || !app_.known_to_hub) return;
    if (app_.known_to_hub->session == reference_.migrated_session->before)
        app_.known_to_hub->session = reference_.migrated_session->now;
    reference_.named_after = migrations;
}

}  // namespace lockstep::sim
