// One tab: a page with its app, and in it a hub that is the product's own, codec and core. To the hub it is the
// browser; to the simulator it is where a hub's every act is witnessed and checked.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "tests/sim/app.hpp"
#include "tests/sim/fault_mix.hpp"
#include "tests/sim/machine.hpp"
#include "tests/sim/store.hpp"
#include "wasm/hub/hub.hpp"

namespace lockstep::sim {

enum class Life : std::uint8_t { running, frozen, cached };

// Thrown through a hub that works for ever on one input.
struct NeverRests {};

struct PendingKeep {
    WriteId write_id = 0;
    Store* store = nullptr;
    std::shared_ptr<Put> put;
};

// How far what a hub stores reaches: the tabs of its own site, or all that are the first party's.
enum class Reach : std::uint8_t { part, first_party };
// By what the browser gives the first party's store to a page of another site.
enum class Wider : std::uint8_t { handle, cookie };

// What a new hub document is.
struct Birth {
    std::string writer;
    bool later_release = false;  // writes members that others do not know
    std::uint64_t whims = 0;     // what it draws from
    std::uint32_t patient_in = 0;
    Reach reach = Reach::part;
};

class Tab final : public Platform {
public:
    struct Stores {
        Store& own;          // the part that the browser gives every page of this site
        Store& first_party;  // what it may be given besides
        Wider wider;
    };
    Tab(Machine& machine, const Stores& stores, Provider& provider, std::uint32_t slot, std::uint32_t process,
        const AppPlace& place, Skill skill);
    ~Tab() override;

    // A new hub document in this tab, in place of the one before.
    void load(const Birth& birth, const Config& config);
    // The page is gone; a browser that dies forgets its pages itself.
    void unload();
    void forget() { unloaded_ = true; }

    // What happens to the page and its hub. Each is false when it cannot happen now.
    bool hello(Prng& chance);
    bool stranger(Prng& chance);
    bool login(Prng& chance);
    bool logout(Prng& chance);
    bool touch(std::uint32_t times);
    bool flood();
    bool app_wakes();
    bool goodbye();
    bool garbage(Prng& chance);
    bool deliver();
    bool repeat();
    bool fire_timer();
    bool lose_timer();
    bool finish_keep();
    bool fail_keep();
    bool late_keep();
    bool answer_tombstone();
    bool fail_tombstone();
    bool freeze();
    void wakes();
    // tab_duty.cpp
    bool says_duties(Prng& chance);
    bool says_duties(const Skill& skill);
    [[nodiscard]] bool is_heard() const;
    bool asks_for_check();
    bool answer_duty(Prng& chance);
    bool answer_duty_truly(Prng& chance);
    bool answer_fetch(Prng& chance);
    bool answer_lock();
    bool lose_lock();
    bool others_hear();
    bool toggle_visible();
    bool is_revoked();
    // tab_scope.cpp
    bool asks_for_scope();
    // The browser shows this of where the page stands, because the user was asked or by itself.
    bool is_placed(Reach reach);
    bool is_answered();
    // pagehide: before it is closed, reloaded or cached, but not when it dies.
    void leaves();

    [[nodiscard]] EpochMs now() override { return machine_.wall_ms; }
    [[nodiscard]] RawRead read_record() override;
    void use_store(Medium medium) override;
    void show_button(const std::string& label, const std::string& style) override;
    [[nodiscard]] bool write_record(const std::string& text) override;
    [[nodiscard]] bool let_others_hear() override;
    void read_tombstone() override;
    void store_tombstone(WriteId write_id, const std::string& text) override;
    void ask_lock(bool steal) override;
    void release_lock() override;
    void fetch_check(CallId call, const std::string& url) override;
    void cancel_check(CallId call) override;
    void send(PortId port, const std::string& text) override;
    void close_port(PortId port) override;
    void set_timer(std::optional<EpochMs> delay_ms) override;

    [[nodiscard]] const State& state() const { return hub_->state(); }
    [[nodiscard]] const App& app() const { return app_; }
    [[nodiscard]] const ReferenceModel& reference() const { return reference_; }
    [[nodiscard]] Store& store() const { return *store_; }
    [[nodiscard]] bool is_later_release() const { return birth_.later_release; }
    [[nodiscard]] std::uint32_t process() const { return ear.process; }

    Ear ear;
    Life life = Life::running;
    std::optional<EpochMs> timer_due;  // in true time
    bool timer_lost = false;

private:
    bool tombstone_stored();
    void enter(Store& store);
    bool drops_stray();
    void settle_move();
    void note_birth();
    [[nodiscard]] bool is_guest() const;
    [[nodiscard]] StorageCapabilities storage(Reach reach) const;
    void speaks_out();
    // One input, everything the hub does about it, and the checks that hold whenever a hub rests.
    template <class Act>
    bool input(Act act) {
        machine_.steps += 1;
        effects_ = 0;
        try {
            act();
        } catch (const NeverRests&) {
            return true;  // that is complained of, and the run is over
        }
        check_after_input();
        return true;
    }
    bool say(const std::string& text);
    void check_after_input();
    void count_effect();
    void note_own();
    const Record* note_tombstone();
    void check_duty_after_input();
    void note_call(PortId port, CallId id, DutyKind duty);
    void note_conclusion(const Record& record);
    bool say_outcome(const Work& work, const OutcomeText& outcome);
    void drop_browser_side();
    [[nodiscard]] std::ostream* story() const;

    Machine& machine_;
    Stores stores_;
    Store* store_;              // the one in use
    std::deque<Heard> strays_;  // events of a store that was left
    bool shows_button_ = false;
    Provider& provider_;
    std::uint32_t slot_;
    App app_;
    ReferenceModel reference_;
    Birth birth_;
    std::optional<Record> heard_;  // with an event, and to be merged with the next look
    std::string same_;             // the text that the hub was given or has written last
    std::deque<PendingKeep> keeps_;
    bool tombstone_asked_ = false;
    std::uint32_t port_last_ = 0;
    std::uint32_t parting_port_ = 0;  // may be told goodbye, and nothing else
    std::uint32_t effects_ = 0;       // since the last input
    struct LockAsked {
        Store* store = nullptr;
        Locks::Request request = 0;
        bool steals = false;
    };
    std::deque<LockAsked> locks_asked_;
    Locks::Request lock_held_ = 0;  // as far as the page knows
    Store* lock_store_ = nullptr;   // whose it is
    std::deque<CallId> fetches_;
    bool others_are_hearing_ = false;
    bool visible_ = true;
    Prng whims_{0};
    bool unloaded_ = false;
    std::unique_ptr<Hub> hub_;
};

}  // namespace lockstep::sim
