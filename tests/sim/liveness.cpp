// Liveness. When the faults are over and everything that was under way has arrived, all live tabs of a partition must
// agree on one record and tell their apps the same; every request has had its answer; deadlines that have passed have
// ended the session; and an end that an app was told of is final, unless the browser itself lost it.
#include <algorithm>
#include <string>

#include "tests/sim/world.hpp"

namespace lockstep::sim {
namespace {

// Rounds of delivery in which tabs may still answer one another. Two are the rule; every tab may hold something newer
// than the rest.
constexpr int rounds_max = 6 + 4 * static_cast<int>(slots_max);
// Timers until a session must have ended: the warning, the end, and one more for each time the clock was set back.
constexpr int timers_max = 200;

// What a later release adds is put in on the way to the store, so that tab's hub need not know of it.
[[nodiscard]] bool is_same(Record held, Record stored, const Tab& tab) {
    if (tab.is_later_release()) held.unknown = stored.unknown = "";
    return held == stored;
}

}  // namespace

void World::liveness() {
    if (machine_.story != nullptr) *machine_.story << "liveness: faults are over, everything arrives\n";
    mend();
    answer_questions();
    note_lost_ends();
    adopt();
    heal_duties();
    adopt();
    check_agreement();
    check_answers();
    check_ends_are_final();
    wait_for_deadlines();
    check_agreement();
    check_no_check_waits();
    check_duties_done();
}

void World::mend() {
    for (const auto& store : stores_) {
        store->full = false;
        store->blocked = false;
        static_cast<void>(store->roll_back_newer_format());
    }
    for (const auto& tab : tabs_) {
        if (!tab) continue;
        // No event tells that a store takes writes again: who was alone session_events at the next look.
        const bool was_alone = tab->reference().blocked || tab->reference().refused;
        if (tab->life != Life::running || was_alone) static_cast<void>(come_back(*tab, tab->life));
    }
}

// Whom a hub has asked for more scope says no at last.
void World::answer_questions() {
    for (const auto& tab : tabs_) {
        if (tab) static_cast<void>(tab->is_answered());
    }
}

// An end that was overwritten is lost only where no hub knows of it, and none will hear: a hub that does puts it back
// (R1).
void World::note_lost_ends() {
    for (const auto& store : stores_) {
        for (const LogicalTimestamp& created : store->ends_told()) {
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

void World::adopt() {
    for (int round = 0; round < rounds_max; ++round) {
        if (settle_once()) continue;
        // An event that came before its change leaves a tab behind until its page is looked at again (WebKit).
        const auto misled =
            std::find_if(tabs_.begin(), tabs_.end(), [](const auto& tab) { return tab && tab->ear.misled; });
        if (misled == tabs_.end()) return;
        (*misled)->wakes();
    }
    machine_.complain("LIVENESS: the hubs do not come to rest");
}

// Everything under way arrives once. False when nothing was under way.
bool World::settle_once() {
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
        for (std::size_t due = tab->ear.queue.size(); due > 0; --due) moved = tab->deliver();
        while (tab->answer_tombstone()) moved = true;
        while (tab->finish_keep()) moved = true;
        if (answer_for_duties(*tab)) moved = true;
        if (tab->timer_due && machine_.true_ms >= *tab->timer_due) moved = tab->fire_timer();
    }
    return moved;
}

// All timers run until no session has a deadline any more.
void World::wait_for_deadlines() {
    for (int waited = 0; waited < timers_max && !machine_.violation; ++waited) {
        if (!wait_once()) return;
    }
    machine_.complain("LIVENESS: a deadline passes again and again, and the session goes on");
}

bool World::wait_once() {
    Tab* next = nullptr;
    for (const auto& tab : tabs_) {
        if (tab && tab->timer_due && (next == nullptr || *tab->timer_due < *next->timer_due)) next = tab.get();
    }
    if (next != nullptr) {
        pass(std::max<EpochMs>(*next->timer_due - machine_.true_ms, 0));
        adopt();
        check_overdue_duties();
        return true;
    }
    // Whose timer was lost session_events when its page is looked at again.
    for (const auto& tab : tabs_) {
        if (!tab || !tab->timer_lost) continue;
        const Snapshot snapshot = snapshot_of(tab->state());
        const EpochMs expires_at = snapshot.expires_at.value_or(machine_.wall_ms);
        // No duty waits longer than somebody waits for a check.
        const EpochMs duties_ms = limits::check_wait_ms_max;
        pass(std::max<EpochMs>(
            {snapshot.idle_at.value_or(expires_at) - machine_.wall_ms, expires_at - machine_.wall_ms, duties_ms}));
        tab->timer_lost = false;
        tab->wakes();
        adopt();
        return true;
    }
    return false;
}

void World::check_agreement() {
    for (const auto& tab : tabs_) {
        if (!tab || machine_.violation) continue;
        const Held& truth = tab->store().truth();
        const Record* stored = truth ? std::get_if<Record>(&truth->read) : nullptr;
        const auto& held = tab->state().record;
        if (tab->state().phase != Phase::running) machine_.complain("LIVENESS: a hub never runs");
        if (held.has_value() != (stored != nullptr) || (held && !is_same(*held, *stored, *tab))) {
            machine_.complain("LIVENESS: a hub holds another record than the store");
        }
        if (held && is_active(*held) && has_future_time(*held, machine_.wall_ms))
            machine_.complain("R8: a time in the future is left standing");
        if (tab->app().port == 0) continue;
        if (!tab->app().told) {
            machine_.complain("LIVENESS: an app is never welcomed");
            continue;
        }
        for (const auto& other : tabs_) {
            if (!other || &other->store() != &tab->store() || !other->app().told || other->app().port == 0) continue;
            if (!tab->app().told->agrees_with(*other->app().told))
                machine_.complain("LIVENESS: two tabs show different sessions");
        }
    }
}

// But for a check, which may wait for its outcome.
void World::check_answers() {
    for (const auto& tab : tabs_) {
        if (!tab || tab->app().port == 0) continue;
        if (tab->app().owed.size() != tab->reference().checks.size())
            machine_.complain("LIVENESS: a request is never answered");
    }
}

void World::check_no_check_waits() {
    for (const auto& tab : tabs_) {
        if (tab && !tab->reference().checks.empty()) machine_.complain("LIVENESS: an app waits for a check for ever");
    }
}

// R1, for all tabs together. What a browser has lost, and no tab that lives remembers, nobody can know.
void World::check_ends_are_final() {
    for (const auto& tab : tabs_) {
        if (!tab) continue;
        const auto& record = tab->state().record;
        if (!record || !is_active(*record) || tab->store().has_lost_end_of(record->created)) continue;
        const auto& ends = tab->store().ends_told();
        if (std::find(ends.begin(), ends.end(), record->created) != ends.end())
            machine_.complain("R1: a session whose end was told lives on");
    }
}

}  // namespace lockstep::sim
