// The liveness phase of duties (R6, R7). Where the provider answers and a tab can do the duty, a due check is concluded
// and an ended session is ended at its provider soon after it falls due, and no lock stays held.
#include <algorithm>

#include "tests/sim/world.hpp"

namespace lockstep::sim {
namespace {

// From the due time of a duty until it is done: the grace for visible tabs, the settling of a claim, and retries of a
// busy lock.
constexpr EpochMs overdue_ms_max = 5'000;
// In this time an app gets back more rate tokens than a flood can have used.
constexpr EpochMs flood_is_over_ms = 5'000;

}  // namespace

// The provider is healthy, and the apps send their duties once more: the rate limit may have refused them.
void World::heal_duties() {
    provider_.heal();
    for (const auto& tab : tabs_) {
        if (tab) static_cast<void>(tab->send_wake());
    }
    deliver_all();
    pass(flood_is_over_ms);
    for (const auto& tab : tabs_) {
        if (!tab) continue;
        static_cast<void>(tab->send_wake());
        static_cast<void>(tab->send_duties(tab->app().abilities));
    }
}

bool World::answer_for_duties(Tab& tab) {
    Prng chance(machine_.steps);
    bool moved = false;
    while (tab.lose_lock()) moved = true;
    while (tab.answer_lock()) moved = true;
    while (tab.answer_duty_truly(chance)) moved = true;
    while (tab.answer_fetch(chance)) moved = true;
    while (tab.answer_stream(chance)) moved = true;
    while (tab.get_push(chance)) moved = true;
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
            machine_.report("LIVENESS: a duty is not done in time although a tab can do it");
    }
}

// Where a tab can have the stream, the server's word has reached all.
void World::check_pushed_ends() {
    for (const auto& tab : tabs_) {
        if (!tab || !tab->may_get_push()) continue;
        const Record* record = record_in(tab->store().truth());
        if (record != nullptr && is_active(*record) && provider_.has_revoked(record->created))
            machine_.report("LIVENESS: a session is active that has ended by the server's word");
    }
}

// No timer is set any more: a duty that is due now is never done, and a lock that is held now is never released.
void World::check_duties_done() {
    for (const auto& store : stores_) {
        if (is_duty_due(*store)) machine_.report("LIVENESS: a duty is never done although a tab can do it");
        if (!store->locks.is_free()) machine_.report("LIVENESS: a lock is never released");
    }
}

}  // namespace lockstep::sim
