// One tab: a page with its app, and in it the product's own hub, with its codec and core. It implements the hub's
// Platform, and checks every call of the hub against the reference model.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "tests/sim/app.hpp"
#include "tests/sim/fault_mix.hpp"
#include "tests/sim/jar.hpp"
#include "tests/sim/machine.hpp"
#include "tests/sim/store.hpp"
#include "wasm/hub/hub.hpp"

namespace lockstep::sim {

enum class Life : std::uint8_t { running, frozen, cached };

// Thrown through a hub that never finishes one input.
struct NeverRests {};

struct PendingTombstone {
    WriteId write_id = 0;
    Store* store = nullptr;
    std::shared_ptr<Put> put;
};

// Which tabs share a store: those of one site, or all that have the first-party store.
enum class Reach : std::uint8_t { partition, first_party };
// How the browser gives the first-party store to a page of another site. `withheld`: a page of any site gets no handle,
// though others do, and its cookies are the first party's.
enum class FirstPartyAccess : std::uint8_t { handle, cookie, withheld };

// The properties of a new hub document.
struct HubDocument {
    std::string writer;
    bool later_release = false;  // writes members that other hubs do not know
    Reach reach = Reach::partition;
    bool browser_start = false;
};

class Tab final : public Platform {
public:
    struct Stores {
        Store& own;          // the partition of this site
        Store& first_party;  // which it may get instead
        Store& cookie;       // where no handle is given: apart from every storage
        FirstPartyAccess first_party_access;
        Jar& jar;
    };
    Tab(Machine& machine, const Stores& stores, Provider& provider, std::uint32_t slot, std::uint32_t process,
        const AppPlace& place, Abilities abilities);
    ~Tab() override;

    // Replaces the hub document of this tab.
    void load(const HubDocument& document, const Config& config);
    // The page is gone. `forget` is for a killed browser, which has dropped its pages already.
    void unload();
    void forget() { unloaded_ = true; }

    // The operations on the page and its hub. Each returns false when it cannot happen now.
    bool hello(Prng& chance);
    bool say_hello(const std::string& text);
    bool send_to_hub(const std::string& text);
    bool stranger(Prng& chance);
    bool begin_login();
    bool login(Prng& chance);
    bool logout(Prng& chance);
    bool touch(std::uint32_t times);
    bool flood();
    bool send_wake();
    bool goodbye();
    bool garbage(Prng& chance);
    bool deliver();
    bool repeat();
    bool fire_timer();
    bool lose_timer();
    bool finish_tombstone();
    bool fail_tombstone_write();
    bool outlast_tombstone_write();
    bool answer_tombstone_read();
    bool fail_tombstone_read();
    bool freeze();
    void wake();
    // tab_duty.cpp
    bool send_duties(Prng& chance);
    bool send_duties(const Abilities& abilities);
    [[nodiscard]] bool has_rate_token() const;
    bool send_check();
    bool answer_duty(Prng& chance);
    bool answer_duty_truly(Prng& chance);
    bool answer_fetch(Prng& chance);
    bool answer_lock();
    bool lose_lock();
    bool toggle_visible();
    bool revoke_session();
    // tab_push.cpp
    bool answer_stream(Prng& chance);
    bool get_push(Prng& chance);
    bool lose_stream();
    void freezing();
    // Whether its hub, if all goes well, gets the server's word.
    [[nodiscard]] bool may_get_push() const;
    // tab_scope.cpp
    bool send_scope();
    // The browser reports these storage capabilities, after a scope request or by itself.
    bool show_storage(Reach reach);
    bool answer_scope_request();
    // The hub hears that a mark has come or gone, and looks again.
    bool probe();
    // Before the page is closed, reloaded or cached, but not when it crashes.
    void pagehide();

    [[nodiscard]] EpochMs now() override { return machine_.wall_ms; }
    [[nodiscard]] RawRead read_record() override;
    void use_backend(Medium medium) override;
    void mark_store() override;
    void abandon_cookie() override;
    void show_button(const std::string& label, const std::string& style) override;
    [[nodiscard]] bool write_record(const std::string& stored) override;
    void read_tombstone() override;
    void store_tombstone(WriteId write_id, const std::string& text) override;
    void request_lock() override;
    void steal_lock() override;
    void release_lock() override;
    void fetch_check(CallId call, const std::string& url) override;
    void cancel_check(CallId call) override;
    void open_stream(StreamId stream, const std::string& url, const std::string& session, const std::string& subject,
                     EpochMs signed_in_at, bool steals) override;
    void close_stream() override;
    void send(PortId port, const std::string& text) override;
    void close_port(PortId port) override;
    void set_timer(std::optional<EpochMs> delay_ms) override;

    [[nodiscard]] const State& state() const { return hub_->state(); }
    [[nodiscard]] const App& app() const { return app_; }
    [[nodiscard]] const ReferenceModel& reference() const { return reference_; }
    [[nodiscard]] Store& store() const { return *store_; }
    [[nodiscard]] bool is_later_release() const { return document_.later_release; }
    [[nodiscard]] std::string_view scope_due() const;
    [[nodiscard]] std::uint32_t process() const { return storage_events.process; }

    EventQueue storage_events;
    Life life = Life::running;
    std::optional<EpochMs> timer_due;  // in true time
    bool timer_lost = false;

private:
    bool tombstone_stored();
    void enter(Store& store);
    bool deliver_source_event();
    void note_migration();
    void note_orphan();
    [[nodiscard]] bool leaves_unread_end();
    RawRead read_store();
    [[nodiscard]] std::string stored_form(const std::string& text) const;
    void rename_known_session(std::uint32_t migrations);
    [[nodiscard]] bool is_guest() const;
    [[nodiscard]] bool is_withheld() const;
    [[nodiscard]] StorageCapabilities storage_without_handle();
    [[nodiscard]] StorageCapabilities storage(Reach reach);
    void request_lock(bool steal);
    // One input, all effects of it, and the checks after every input.
    template <class Act>
    bool input(Act act) {
        machine_.steps += 1;
        effects_ = 0;
        try {
            act();
        } catch (const NeverRests&) {
            return true;  // the violation is reported, and the run is over
        }
        check_after_input();
        return true;
    }
    void check_after_input();
    void count_effect();
    void note_own();
    const Record* note_tombstone();
    void check_duty_after_input();
    void note_browser_end();
    void check_browser_start();
    void check_stream_after_input();
    bool push_end(StreamId stream, const LogicalTimestamp& session);
    void leave_stream_lock();
    bool get_late_push();
    bool requeue_when_robbed();
    void note_call(PortId port, CallId id, DutyKind duty);
    void note_conclusion(const Record& record);
    bool send_outcome(const GivenDuty& given, const OutcomeText& outcome);
    void drop_browser_side();
    [[nodiscard]] std::ostream* trace() const;

    Machine& machine_;
    Stores stores_;
    Store* store_;                            // in use
    std::deque<StorageEvent> source_events_;  // of the migration source
    bool shows_button_ = false;
    std::uint32_t jar_changes_seen_ = 0;
    bool has_seen_mark_ = false;  // in its own storage
    Provider& provider_;
    std::uint32_t slot_;
    App app_;
    ReferenceModel reference_;
    HubDocument document_;
    std::optional<LogicalTimestamp> unasked_session_;  // found when the browser started
    std::optional<Record> event_record_;               // the value of the last event, merged at the next read
    std::deque<PendingTombstone> tombstone_writes_;
    bool tombstone_asked_ = false;
    std::uint32_t replaced_port_ = 0;  // may get goodbye, and nothing else
    std::uint32_t effects_ = 0;        // since the last input
    struct LockAsked {
        Store* store = nullptr;
        Locks::Request request = 0;
        bool steals = false;
    };
    std::deque<LockAsked> locks_asked_;
    Locks::Request lock_held_ = 0;  // as far as the page knows
    Store* lock_store_ = nullptr;   // whose it is
    std::deque<CallId> fetches_;
    struct Stream {
        StreamId id = 0;
        LogicalTimestamp session;
        bool steals = false;
        enum class Is : std::uint8_t { asked, open, lost, ended } is{};
    };
    std::optional<Stream> stream_;
    std::deque<Stream> streams_before_;  // what the server has sent on them may still be on its way
    Locks::Request stream_turn_ = 0;     // a place among those who wait for the lock, or the lock
    Store* stream_store_ = nullptr;      // whose lock
    bool visible_ = true;
    bool unloaded_ = false;
    std::unique_ptr<Hub> hub_;
};

}  // namespace lockstep::sim
