// A machine with a browser, its tabs and its stores. An op that cannot happen changes nothing. After every op the
// machine has the first violation, if there is one.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "tests/sim/fault_mix.hpp"
#include "tests/sim/machine.hpp"
#include "tests/sim/schedule.hpp"
#include "tests/sim/store.hpp"
#include "tests/sim/tab.hpp"

namespace lockstep::sim {

class World {
public:
    World(const FaultMix& fault_mix, std::ostream* trace);

    bool perform(const Op& op);

    // Faults stop, everything pending arrives, pages return: then all tabs of a partition must agree.
    void liveness();

    [[nodiscard]] const Violation& violation() const { return machine_.violation; }
    [[nodiscard]] std::uint64_t steps() const { return machine_.steps; }

private:
    void trace_op(const Op& op);
    bool perform_on_machine(const Op& op, Prng& chance);
    bool perform_on_store(const Op& op, Prng& chance);
    bool perform_on_tab(Tab& tab, Kind kind);
    bool perform_on_page(Tab& tab, const Op& op, Prng& chance);
    bool open(const Op& op, Prng& chance);
    bool close(Tab& tab);
    bool come_back(Tab& tab, Life from);
    bool kill(Prng& chance);
    void pass(EpochMs ms);
    [[nodiscard]] Store& store_of(const AppPlace& place);
    [[nodiscard]] Store& first_party_store() const { return *stores_.front(); }
    [[nodiscard]] FirstPartyAccess access_of(const Op& op) const;
    [[nodiscard]] const AppPlace& place_of(Prng& chance) const;
    [[nodiscard]] HubDocument document_of(const Op& op) const;

    // liveness.cpp
    void end_faults();
    void answer_scope_requests();
    void deliver_all();
    [[nodiscard]] bool deliver_once();
    void wait_for_deadlines();
    [[nodiscard]] bool wait_once();
    void check_agreement();
    void check_scopes();
    void check_cookie();
    void check_answers();
    void check_no_check_waits();
    void check_ends_are_final();
    void note_lost_ends();
    // liveness_duty.cpp
    void heal_duties();
    bool answer_for_duties(Tab& tab);
    [[nodiscard]] bool has_one_who_may_act(const Store& store, DutyKind duty) const;
    [[nodiscard]] bool is_duty_due(const Store& store) const;
    void check_overdue_duties();
    void check_duties_done();
    void check_pushed_ends();

    FaultMix fault_mix_;
    Config config_;
    Machine machine_;
    Provider provider_;
    std::vector<std::unique_ptr<Store>> stores_;  // the first party's first, the cookie last where there is one
    Jar jar_;
    std::array<std::unique_ptr<Tab>, slots_max> tabs_;
    std::vector<std::optional<EpochMs>> overdue_since_;  // in the liveness phase, for each store
};

}  // namespace lockstep::sim
