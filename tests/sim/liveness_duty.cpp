// Liveness of the duties (R6, R7). With a provider that answers and a tab that can, a check that is due is concluded
// and a session that has ended is ended at its provider, soon after it falls due; and no lock is left behind.
#include <algorithm>

#include "tests/sim/world.hpp"

namespace lockstep::sim {
namespace {

// From when a duty falls due until it is done: the grace for visible tabs, the settling of a claim, and another's lock
// that is tried again.
constexpr EpochMs overdue_ms_max = 5'000;
// More than what a flood may have used up is given back to an app in this time.
constexpr EpochMs flood_is_over_ms = 5'000;

}  // namespace

// The provider is there again, and the apps say once more what they can: they may have been refused in a flood.
void World::heal_duties() {
    provider_.heal();
    for (const auto& tab : tabs_) {
        if (tab) static_cast<void>(tab->app_wakes());
    }
    adopt();
    pass(flood_is_over_ms);
    for (const auto& tab : tabs_) {
        if (!tab) continue;
        static_cast<void>(tab->app_wakes());
        static_cast<void>(tab->says_duties(tab->app().skill));
    }
}

bool World::answer_for_duties(Tab& tab) {
    Prng chance(machine_.steps);
    bool moved = false;
    while (tab.others_hear()) moved = true;
    while (tab.lose_lock()) moved = true;
    while (tab.answer_lock()) moved = true;
    while (tab.answer_duty_truly(chance)) moved = true;
    while (tab.answer_fetch(chance)) moved = true;
    return moved;
}

bool World::has_one_who_may_act(const Store& store, DutyKind duty) const {
    return std::any_of(tabs_.begin(), tabs_.end(), [&](const auto& tab) {
        return tab && &tab->store() == &store && !tab->timer_lost && may_act(tab->reference(), duty);
    });
}

bool World::is_duty_due(const Store& store) const {
    const Record* record = record_in(store.truth());
    if (record == nullptr) return false;
    const auto due = duty_due_at(*record, machine_.wall_ms);
    if (!due || *due > machine_.wall_ms) return false;
    return has_one_who_may_act(store, is_active(*record) ? DutyKind::check : DutyKind::end);
}

void World::check_overdue_duties() {
    overdue_since_.resize(stores_.size());
    for (std::size_t i = 0; i < stores_.size(); ++i) {
        auto& since = overdue_since_[i];
        if (!is_duty_due(*stores_[i])) {
            since.reset();
            continue;
        }
        if (!since) since = machine_.true_ms;
        if (machine_.true_ms - *since > overdue_ms_max)
            machine_.complain("LIVENESS: a duty is due, a tab can do it, and it is not done");
    }
}

// No timer runs any more: what is due now will never be done, and what is held now will never be released.
void World::check_duties_done() {
    for (const auto& store : stores_) {
        if (is_duty_due(*store))
            machine_.complain("LIVENESS: a duty is due, a tab can do it, and nobody will ever do it");
        if (!store->locks.is_free()) machine_.complain("LIVENESS: a lock is never released");
    }
}

}  // namespace lockstep::sim
