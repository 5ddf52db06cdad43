#include "tests/sim/world.hpp"

#include <string>
#include <utility>

#include "tests/sim/apps.hpp"

namespace lockstep::sim {
namespace {

[[nodiscard]] std::string hexadecimal(std::uint64_t number) {
    std::string text;
    for (unsigned shift = 64; shift > 0; shift -= 4) text += "0123456789abcdef"[(number >> (shift - 4)) & 0xfU];
    return text;
}

[[nodiscard]] bool toggle(bool& flag) {
    flag = !flag;
    return true;
}

// Mostly milliseconds, sometimes minutes.
[[nodiscard]] EpochMs span(Prng& chance) {
    constexpr std::array<EpochMs, 6> orders{1, 10, 100, 1'000, 10'000, 60'000};
    return orders[chance.below(6)] * (1 + chance.below(9));
}

template <class On>
struct Act {
    Kind kind;
    bool (*act)(On&, Prng&);
};

constexpr Act<Tab> page_acts[] = {
    {Kind::login, [](Tab& tab, Prng& chance) { return tab.login(chance); }},
    {Kind::logout, [](Tab& tab, Prng& chance) { return tab.logout(chance); }},
    {Kind::touch, [](Tab& tab, Prng&) { return tab.touch(1); }},
    {Kind::app_wake, [](Tab& tab, Prng&) { return tab.send_wake(); }},
    {Kind::hello_again, [](Tab& tab, Prng& chance) { return tab.hello(chance); }},
    {Kind::goodbye, [](Tab& tab, Prng&) { return tab.goodbye(); }},
    {Kind::garbage, [](Tab& tab, Prng& chance) { return tab.garbage(chance); }},
    {Kind::flood, [](Tab& tab, Prng&) { return tab.flood(); }},
    {Kind::stranger, [](Tab& tab, Prng& chance) { return tab.stranger(chance); }},
    {Kind::deliver, [](Tab& tab, Prng&) { return tab.deliver(); }},
    {Kind::repeat, [](Tab& tab, Prng&) { return tab.repeat(); }},
    {Kind::finish_tombstone, [](Tab& tab, Prng&) { return tab.finish_tombstone(); }},
    {Kind::fail_tombstone_write, [](Tab& tab, Prng&) { return tab.fail_tombstone_write(); }},
    {Kind::outlast_tombstone_write, [](Tab& tab, Prng&) { return tab.outlast_tombstone_write(); }},
    {Kind::answer_tombstone_read, [](Tab& tab, Prng&) { return tab.answer_tombstone_read(); }},
    {Kind::fail_tombstone_read, [](Tab& tab, Prng&) { return tab.fail_tombstone_read(); }},
    {Kind::early_timer, [](Tab& tab, Prng&) { return tab.fire_timer(); }},
    {Kind::lose_timer, [](Tab& tab, Prng&) { return tab.lose_timer(); }},
    {Kind::freeze, [](Tab& tab, Prng&) { return tab.freeze(); }},
    {Kind::say_duties, [](Tab& tab, Prng& chance) { return tab.send_duties(chance); }},
    {Kind::ask_check, [](Tab& tab, Prng&) { return tab.send_check(); }},
    {Kind::answer_duty, [](Tab& tab, Prng& chance) { return tab.answer_duty(chance); }},
    {Kind::answer_fetch, [](Tab& tab, Prng& chance) { return tab.answer_fetch(chance); }},
    {Kind::answer_lock, [](Tab& tab, Prng&) { return tab.answer_lock(); }},
    {Kind::lose_lock, [](Tab& tab, Prng&) { return tab.lose_lock(); }},
    {Kind::answer_stream, [](Tab& tab, Prng& chance) { return tab.answer_stream(chance); }},
    {Kind::push, [](Tab& tab, Prng& chance) { return tab.get_push(chance); }},
    {Kind::lose_stream, [](Tab& tab, Prng&) { return tab.lose_stream(); }},
    {Kind::hide, [](Tab& tab, Prng&) { return tab.toggle_visible(); }},
    {Kind::revoke, [](Tab& tab, Prng&) { return tab.revoke_session(); }},
    {Kind::ask_scope, [](Tab& tab, Prng&) { return tab.send_scope(); }},
    {Kind::begin_login, [](Tab& tab, Prng&) { return tab.begin_login(); }},
    {Kind::grant, [](Tab& tab, Prng&) { return tab.show_storage(Reach::first_party); }},
    {Kind::deny, [](Tab& tab, Prng&) { return tab.show_storage(Reach::partition); }},
};

constexpr Act<Store> store_acts[] = {
    {Kind::flush, [](Store& store, Prng&) { return store.flush(); }},
    {Kind::late_put, [](Store& store, Prng&) { return store.finish_next_put(); }},
    {Kind::quota, [](Store& store, Prng&) { return toggle(store.full); }},
    {Kind::block, [](Store& store, Prng&) { return toggle(store.blocked); }},
    {Kind::corrupt, [](Store& store, Prng&) { return store.corrupt(); }},
    {Kind::remove, [](Store& store, Prng&) { return store.remove(); }},
    {Kind::newer_format, [](Store& store, Prng&) { return store.toggle_newer_format(); }},
};

template <class On, std::size_t Count>
[[nodiscard]] bool acts(const Act<On> (&table)[Count], Kind kind, On& on, Prng& chance) {
    for (const Act<On>& each : table) {
        if (each.kind == kind) return each.act(on, chance);
    }
    return false;
}

}  // namespace

World::World(const FaultMix& fault_mix, std::ostream* trace)
    : fault_mix_(fault_mix),
      config_(acme(fault_mix.times, fault_mix.checking, fault_mix.has_push, fault_mix.ends_with_browser)),
      provider_(fault_mix.provider) {
    machine_.trace = trace;
    machine_.checks_invariants_only = fault_mix.has_forgers;
    // WebKit partitions storage by top-level origin, the others by site.
    const std::size_t partitions = fault_mix.engine == Engine::webkit ? app_places.size() : sites;
    for (std::size_t i = 0; i < partitions; ++i) {
        stores_.push_back(std::make_unique<Store>(slots_max));
        stores_.back()->locks.missing = stores_.back()->stream_locks.missing = !fault_mix.has_locks;
    }
    jar_.is_used = fault_mix.has_withheld;
    if (!jar_.is_used) return;
    stores_.push_back(std::make_unique<Store>(slots_max));
    stores_.back()->locks.missing = true;
    stores_.back()->stream_locks.missing = !fault_mix.has_locks;
}

Store& World::store_of(const AppPlace& place) {
    const auto index = static_cast<std::size_t>(&place - app_places.data());
    return *stores_[fault_mix_.engine == Engine::webkit ? index : place.site];
}

void World::trace_op(const Op& op) {
    const Properties& properties = properties_of(op.kind);
    std::ostream& trace = *machine_.trace;
    trace << "[clock " << machine_.wall_ms - wall_at_start << "] ";
    if (properties.subject == Subject::tab || properties.subject == Subject::page || op.kind == Kind::open)
        trace << "tab " << op.slot << ' ';
    if (properties.subject == Subject::store) trace << "store " << op.slot % stores_.size() << ' ';
    trace << properties.words << '\n';
}

bool World::perform(const Op& op) {
    if (machine_.trace != nullptr) trace_op(op);
    Prng chance(op.draw);
    Tab* tab = tabs_[op.slot].get();
    switch (properties_of(op.kind).subject) {
        case Subject::machine: return perform_on_machine(op, chance);
        case Subject::store: return perform_on_store(op, chance);
        case Subject::tab: return tab != nullptr && perform_on_tab(*tab, op.kind);
        case Subject::page: return tab != nullptr && tab->life == Life::running && perform_on_page(*tab, op, chance);
    }
    return false;
}

bool World::perform_on_machine(const Op& op, Prng& chance) {
    if (op.kind == Kind::open) return open(op, chance);
    if (op.kind == Kind::kill) return kill(chance);
    if (op.kind == Kind::pass) pass(span(chance));
    if (op.kind == Kind::jump) machine_.wall_ms += chance.one_in(2) ? 10 * span(chance) : -10 * span(chance);
    return true;
}

// A storage that another page clears has lost its mark, too.
bool World::perform_on_store(const Op& op, Prng& chance) {
    Store& store = *stores_[op.slot % stores_.size()];
    if (op.kind == Kind::corrupt && !op.text.empty()) return store.corrupt(op.text);
    const bool is_cookie = jar_.is_used && &store == stores_.back().get();
    if (op.kind == Kind::remove && is_cookie && chance.one_in(2)) return store.evict();
    const bool happened = acts(store_acts, op.kind, store, chance);
    if (happened && op.kind == Kind::remove && &store == &first_party_store()) jar_.lose_storage_mark();
    return happened;
}

bool World::perform_on_tab(Tab& tab, Kind kind) {
    if (kind == Kind::close) tab.pagehide();
    if (kind == Kind::crash || kind == Kind::close) return close(tab);
    if (kind == Kind::thaw) return come_back(tab, Life::frozen);
    if (kind == Kind::restore) return come_back(tab, Life::cached);
    // Storage belongs to the process, whatever the state of the page is.
    if (kind == Kind::commit) return tab.store().commit(tab.process());
    if (kind == Kind::apply) return tab.store().apply(tab.process());
    return kind == Kind::flicker && tab.store().flicker(tab.process());
}

bool World::perform_on_page(Tab& tab, const Op& op, Prng& chance) {
    if (op.kind == Kind::fire_timer) return tab.timer_due && machine_.true_ms >= *tab.timer_due && tab.fire_timer();
    if (op.kind == Kind::reload_hub) {
        tab.pagehide();
        tab.load(document_of(op), config_);
        return tab.hello(chance);
    }
    if (op.kind == Kind::cache) {
        tab.pagehide();
        // Chromium keeps the events until the page returns; Firefox and WebKit drop them.
        tab.life = Life::cached;
        tab.storage_events.is_suspended = fault_mix_.engine != Engine::chromium;
        return true;
    }
    // The other engines freeze a page without a word.
    if (op.kind == Kind::freeze && fault_mix_.engine == Engine::chromium) tab.freezing();
    if (op.kind == Kind::garbage && !op.text.empty()) return tab.send_to_hub(op.text);
    if (op.kind == Kind::hello_again && !op.text.empty()) return tab.say_hello(op.text);
    return acts(page_acts, op.kind, tab, chance);
}

// Most tabs are of one site, so that they share a session; half of them are the portal.
const AppPlace& World::place_of(Prng& chance) const {
    if (fault_mix_.has_guests && chance.one_in(2)) return app_places.back();
    return app_places[chance.one_in(2) ? 0 : chance.below(static_cast<std::uint32_t>(app_places.size()))];
}

bool World::open(const Op& op, Prng& chance) {
    if (tabs_[op.slot]) return false;
    const AppPlace& place = place_of(chance);
    const Abilities abilities{!chance.one_in(3), !chance.one_in(3)};
    const Tab::Stores stores{store_of(place), first_party_store(), *stores_.back(), access_of(op), jar_};
    tabs_[op.slot] = std::make_unique<Tab>(machine_, stores, provider_, op.slot, op.slot / fault_mix_.tabs_a_process,
                                           place, abilities);
    HubDocument document = document_of(op);
    document.browser_start = !std::exchange(stores.own.has_run, true);
    tabs_[op.slot]->load(document, config_);
    static_cast<void>(tabs_[op.slot]->hello(chance));
    return true;
}

FirstPartyAccess World::access_of(const Op& op) const {
    if (fault_mix_.engine != Engine::chromium) return FirstPartyAccess::cookie;
    const bool is_withheld = fault_mix_.has_withheld && Prng(op.draw + 2).one_in(2);
    return is_withheld ? FirstPartyAccess::withheld : FirstPartyAccess::handle;
}

HubDocument World::document_of(const Op& op) const {
    Prng chance(op.draw + 1);
    const bool is_later_release = fault_mix_.newer_in != 0 && chance.one_in(fault_mix_.newer_in);
    // A new document must get the first-party store again: the grant of the one before does not count.
    const Reach reach = fault_mix_.has_guests && chance.one_in(3) ? Reach::first_party : Reach::partition;
    return {hexadecimal(op.draw), is_later_release, reach};
}

bool World::close(Tab& tab) {
    tab.unload();
    for (auto& each : tabs_) {
        if (each.get() == &tab) each.reset();
    }
    return true;
}

bool World::come_back(Tab& tab, Life from) {
    if (tab.life != from) return false;
    tab.life = Life::running;
    tab.storage_events.is_suspended = false;
    tab.wake();
    return true;
}

bool World::kill(Prng& chance) {
    for (auto& tab : tabs_) {
        if (tab) tab->forget();
        tab.reset();
    }
    for (const auto& store : stores_) store->kill();
    // Browsers keep neither for sure: the mark may be lost, and a cookie that was dropped may be back.
    if (chance.one_in(2)) jar_.lose_storage_mark();
    jar_.is_orphaned = true;
    return true;
}

void World::pass(EpochMs ms) {
    machine_.wall_ms += ms;
    machine_.true_ms += ms;
}

}  // namespace lockstep::sim
