// The liveness phase. When the faults have stopped and everything pending has arrived, all tabs of a partition must
// have one record and send their apps the same snapshot. Every request has its reply, a passed deadline has ended the
// session, and an end that was announced is final, unless the browser itself lost it.
#include <algorithm>
#include <string>

#include "tests/sim/world.hpp"

namespace lockstep::sim {
namespace {

// Rounds of delivery in which tabs may still react to one another. Two are usual; more are needed where every tab has a
// newer record than the rest.
constexpr int rounds_max = 6 + 4 * static_cast<int>(slots_max);
// Timers until a session must have ended: the warning, the end, and one more for each time the clock was set back.
constexpr int timers_max = 200;
// While the provider says that a session is active it goes on, from check to check.
constexpr int timers_of_the_provider = 20;

// The simulator adds a later release's members on the way to the store, so the hub itself need not have them.
[[nodiscard]] bool is_same(Record held, Record stored, const Tab& tab) {
    if (tab.is_later_release()) held.unknown = stored.unknown = "";
    return held == stored;
}

}  // namespace

void World::liveness() {
    if (machine_.trace != nullptr) *machine_.trace << "liveness phase: no more faults, everything pending arrives\n";
    end_faults();
    answer_scope_requests();
    note_lost_ends();
    deliver_all();
    heal_duties();
    deliver_all();
    check_agreement();
    check_answers();
    check_ends_are_final();
    wait_for_deadlines();
    check_agreement();
    check_scopes();
    check_cookie();
    check_no_check_waits();
    check_duties_done();
    check_pushed_ends();
}

void World::end_faults() {
    for (const auto& store : stores_) {
        store->full = false;
        store->blocked = false;
        static_cast<void>(store->roll_back_newer_format());
    }
    for (const auto& tab : tabs_) {
        if (!tab) continue;
        // No event says that a store accepts writes again: such a hub notices it at its next read.
        const bool was_alone = tab->reference().blocked || tab->reference().refused;
        if (tab->life != Life::running || was_alone) static_cast<void>(come_back(*tab, tab->life));
    }
}

// The user declines every scope request that is still open.
void World::answer_scope_requests() {
    for (const auto& tab : tabs_) {
        if (tab) static_cast<void>(tab->answer_scope_request());
    }
}

// An overwritten end is lost only where no hub knows it and no event of it is pending: otherwise a hub writes it again
// (R1).
void World::note_lost_ends() {
    for (const auto& store : stores_) {
        for (const LogicalTimestamp& created : store->announced_ends()) {
            const auto knows = [&](const auto& tab) {
                if (!tab || &tab->store() != store.get()) return false;
                const auto known = held(tab->reference());
                return known && outlives(*known, created);
            };
            if (!store->end_is_on_its_way(created) && std::none_of(tabs_.begin(), tabs_.end(), knows))
                store->lose_end(created);
        }
    }
}

void World::deliver_all() {
    for (int round = 0; round < rounds_max; ++round) {
        if (deliver_once()) continue;
        // A tab whose event came before the change is stale until its page wakes (WebKit).
        const bool has_woken = std::any_of(tabs_.begin(), tabs_.end(), [](const auto& tab) {
            if (!tab || !tab->storage_events.is_stale) return false;
            tab->wake();
            return true;
        });
        if (!has_woken) return;
    }
    machine_.report("LIVENESS: the hubs never stop changing the record");
}

// Everything pending arrives once. False when nothing was pending.
bool World::deliver_once() {
    bool moved = false;
    for (const auto& tab : tabs_) {
        if (!tab) continue;
        while (tab->store().commit(tab->process())) moved = true;
    }
    for (const auto& tab : tabs_) {
        if (!tab) continue;
        while (tab->store().apply(tab->process())) moved = true;
    }
    for (const auto& tab : tabs_) {
        if (!tab) continue;
        for (std::size_t due = tab->storage_events.queue.size(); due > 0; --due) moved = tab->deliver();
        if (tab->probe()) moved = true;
        while (tab->answer_tombstone_read()) moved = true;
        while (tab->finish_tombstone()) moved = true;
        if (answer_for_duties(*tab)) moved = true;
        if (tab->timer_due && machine_.true_ms >= *tab->timer_due) moved = tab->fire_timer();
    }
    return moved;
}

// All timers run until no session has a deadline any more.
void World::wait_for_deadlines() {
    for (int waited = 0; waited < timers_max && !machine_.violation; ++waited) {
        if (waited == timers_of_the_provider) provider_.end_all();
        if (!wait_once()) return;
    }
    machine_.report("LIVENESS: deadlines pass again and again, and the session is still active");
}

bool World::wait_once() {
    Tab* next = nullptr;
    for (const auto& tab : tabs_) {
        if (tab && tab->timer_due && (next == nullptr || *tab->timer_due < *next->timer_due)) next = tab.get();
    }
    if (next != nullptr) {
        pass(std::max<EpochMs>(*next->timer_due - machine_.true_ms, 0));
        deliver_all();
        check_overdue_duties();
        return true;
    }
    // A page that lost its timer compares its deadlines when it wakes.
    for (const auto& tab : tabs_) {
        if (!tab || !tab->timer_lost) continue;
        const Snapshot snapshot = snapshot_of(tab->state());
        const EpochMs expires_at = snapshot.expires_at.value_or(machine_.wall_ms);
        // No duty waits longer than an app waits for a check.
        const EpochMs duties_ms = limits::check_wait_ms_max;
        pass(std::max<EpochMs>(
            {snapshot.idle_at.value_or(expires_at) - machine_.wall_ms, expires_at - machine_.wall_ms, duties_ms}));
        tab->timer_lost = false;
        tab->wake();
        deliver_all();
        return true;
    }
    return false;
}

void World::check_agreement() {
    for (const auto& tab : tabs_) {
        if (!tab || machine_.violation) continue;
        const ValuePtr& truth = tab->store().truth();
        const Record* stored = truth ? std::get_if<Record>(&truth->read) : nullptr;
        const auto& held = tab->state().record;
        if (tab->state().phase != Phase::running) machine_.report("LIVENESS: a hub never reaches the phase running");
        if (held.has_value() != (stored != nullptr) || (held && !is_same(*held, *stored, *tab))) {
            machine_.report("LIVENESS: a hub has another record than the store");
        }
        if (tab->app().port == 0) continue;  // nothing happens to a hub without an app
        if (held && is_active(*held) && has_future_time(*held, machine_.wall_ms))
            machine_.report("R8: a time in the future is left in the record");
        if (!tab->app().received) {
            machine_.report("LIVENESS: an app is never welcomed");
            continue;
        }
        for (const auto& other : tabs_) {
            if (!other || &other->store() != &tab->store() || !other->app().received || other->app().port == 0)
                continue;
            if (!tab->app().received->agrees_with(*other->app().received))
                machine_.report("LIVENESS: two tabs have different snapshots");
        }
    }
}

// Two tabs that say `shared` are in one store. (WebKit parts storage by origin and has no handles, though the simulator
// gives each tab of this site one.)
void World::check_scopes() {
    const Tab* shared = nullptr;
    for (const auto& tab : tabs_) {
        if (!tab || !tab->app().received || tab->app().port == 0 || machine_.violation) continue;
        const std::string_view scope = tab->app().received->scope;
        if (scope == "alone") continue;
        if (scope != tab->scope_due()) machine_.report("LIVENESS: the scope is not what the marks prove");
        if (scope != "shared" || fault_mix_.engine == Engine::webkit) continue;
        if (shared != nullptr && &shared->store() != &tab->store())
            machine_.report("two tabs say `shared`, each of another store");
        shared = tab.get();
    }
}

// Where a store is marked, no second session stays behind in the cookie.
void World::check_cookie() {
    const bool stays =
        jar_.is_used && jar_.is_marked() && !jar_.is_orphaned && record_in(stores_.back()->truth()) != nullptr;
    if (stays) machine_.report("a record stays behind in the cookie, beside the marked store");
}

// Except checks, which may wait for their outcome.
void World::check_answers() {
    for (const auto& tab : tabs_) {
        if (!tab || tab->app().port == 0) continue;
        if (tab->app().pending.size() != tab->reference().checks.size())
            machine_.report("LIVENESS: a request never gets its reply");
    }
}

void World::check_no_check_waits() {
    for (const auto& tab : tabs_) {
        if (tab && !tab->reference().checks.empty()) machine_.report("LIVENESS: a check never gets its reply");
    }
}

// R1, for all tabs together. An end that the browser has lost, and that no tab remembers, cannot be known.
void World::check_ends_are_final() {
    for (const auto& tab : tabs_) {
        if (!tab) continue;
        const auto& record = tab->state().record;
        if (!record || !is_active(*record) || tab->store().has_lost_end_of(record->created)) continue;
        const auto& ends = tab->store().announced_ends();
        if (std::find(ends.begin(), ends.end(), record->created) != ends.end())
            machine_.report("R1: a session whose end was announced is active");
    }
}

}  // namespace lockstep::sim
