// A tab of the native tests: one hub's core with a store that answers at once, shared with other tabs. It checks the
// invariants after every step and returns the effects, but for those of the store, which it performs and counts.
#pragma once

#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

#include "wasm/core/match.hpp"
#include "wasm/core/step.hpp"

namespace lockstep::test {

inline constexpr EpochMs minute = 60'000;
inline const std::string portal = "https://portal.acme.com";
inline const std::string billing = "https://billing.acme.com";
inline const std::string reports = "https://reports.acme.com";

inline Capabilities capabilities(std::initializer_list<Capability> list) {
    Capabilities granted;
    for (const Capability capability : list) granted.grant(capability);
    return granted;
}

// Portal may do everything, billing everything but log in, reports only read.
inline Config acme() {
    Config config;
    config.hub = "https://hub.acme.com/";
    config.site = "https://acme.com";
    using enum Capability;
    config.apps = {{portal, capabilities({read, login, logout, activity})},
                   {billing, capabilities({read, logout, activity})},
                   {reports, capabilities({read})},
                   {"https://*.preview.acme.com", capabilities({read})}};
    return config;
}

inline Config acme_with_idle_time() {
    Config config = acme();
    config.times.idle_timeout_ms = 15 * minute;
    config.times.idle_warning_ms = 1 * minute;
    return config;
}

// Where the browser shows that the frame's backend is the first party's.
inline StorageCapabilities own_storage() {
    StorageCapabilities storage;
    storage.handle = Handle::own_storage;
    storage.marked = true;
    return storage;
}
inline StorageCapabilities first_party() {
    StorageCapabilities storage;
    storage.handle = Handle::first_party;
    storage.marked = true;
    return storage;
}
inline StorageCapabilities with_cookie() {
    StorageCapabilities storage;
    storage.cookie = true;
    return storage;
}
// Where no handle is given, and whoever had one has left its mark: in this storage, or in another.
inline StorageCapabilities marked_storage() {
    StorageCapabilities storage;
    storage.marked = true;
    return storage;
}
inline StorageCapabilities marked_elsewhere() {
    StorageCapabilities storage;
    storage.marked_elsewhere = true;
    return storage;
}
// A part of the storage, of which the browser gives more when the user agrees.
inline StorageCapabilities partition(Asking asking = Asking::possible) {
    StorageCapabilities storage;
    storage.asking = asking;
    return storage;
}

// What the tabs of one browser share.
struct Store {
    Read record = read::Absent{};
    Read tombstone = read::Absent{};
    bool full = false;
    int writes = 0;

    [[nodiscard]] const Record& shown() const {
        REQUIRE(std::holds_alternative<Record>(record));
        return std::get<Record>(record);
    }
};

class Tab {
public:
    // `route`: the stores that it uses one after the other while it starts.
    Tab(Store& store, std::string writer, Config config = acme(), StorageCapabilities storage = own_storage(),
        std::vector<Store*> route = {})
        : store_(&store), route_(std::move(route)), state_(initial_state(std::move(config))) {
        handle(event::Started{std::move(writer), storage});
    }
    Tab(Store& store, event::Started started, Config config, EpochMs start)
        : now(start), store_(&store), state_(initial_state(std::move(config))) {
        handle(std::move(started));
    }

    // The effects of this event, in order; reads, writes and tombstones are answered at once.
    Effects handle(const Event& event) {
        Effects effects;
        std::vector<Event> events{event};
        for (std::size_t i = 0; i < events.size(); ++i) {
            REQUIRE(i < 100);  // a step that raises itself for ever is a defect
            Step done = step(std::move(state_), now, Event(events[i]));
            state_ = std::move(done.state);
            const auto broken = violated(state_);
            INFO((broken ? *broken : "no invariant is violated"));
            REQUIRE_FALSE(broken);
            for (Effect& effect : done.effects) perform(effect, events, effects);
        }
        return effects;
    }

    Effects connect(const std::string& origin, std::optional<LastSeen> last = std::nullopt) {
        return handle(event::HelloReceived{++port, origin, std::move(last), std::nullopt});
    }
    Effects login(std::string subject, std::optional<std::string> session_id = std::nullopt,
                  std::optional<EpochMs> expires_at = std::nullopt) {
        return log_in(shown_end(), std::move(subject), std::move(session_id), expires_at);
    }
    // A login flow that began when the app had been shown this end.
    Effects log_in(std::optional<LastEnd> last_end, std::string subject,
                   std::optional<std::string> session_id = std::nullopt,
                   std::optional<EpochMs> expires_at = std::nullopt) {
        return handle(
            event::LoginReceived{port, ++request, std::move(subject), std::move(session_id), expires_at, "", last_end});
    }
    // The last end that the app has been shown.
    [[nodiscard]] std::optional<LastEnd> shown_end() const {
        return state_.client && state_.client->announced ? state_.client->announced->last_end : std::nullopt;
    }
    Effects logout(std::optional<LogicalTimestamp> names = std::nullopt) {
        return handle(event::LogoutReceived{port, ++request, std::move(names)});
    }
    Effects touch() { return handle(event::TouchReceived{port}); }
    Effects notify() { return handle(event::StoreChanged{}); }

    // The browser opens another store to this tab.
    Effects move(Store& store, const StorageCapabilities& storage, bool asked = false) {
        return move_at(store, event::StorageCapabilitiesChanged{storage, asked});
    }
    // Moves to this store if the event makes it use another.
    Effects move_at(Store& store, const Event& event) {
        wider_ = &store;
        return handle(event);
    }

    [[nodiscard]] const State& state() const { return state_; }
    [[nodiscard]] Snapshot snapshot() const { return snapshot_of(state_); }

    EpochMs now = 1'000'000'000;
    PortId port = 0;
    RequestId request = 0;

private:
    void perform(Effect& effect, std::vector<Event>& events, Effects& effects) {
        match(
            effect, [&](effect::ReadRecord&) { events.emplace_back(event::RecordRead{store_->record}); },
            [&](effect::WriteRecord& write) {
                if (store_->full) {
                    events.emplace_back(event::RecordNotWritten{write.write_id});
                    return;
                }
                store_->record = write.record;
                store_->writes += 1;
                events.emplace_back(event::RecordWritten{write.write_id});
            },
            [&](effect::ReadTombstone&) { events.emplace_back(event::TombstoneRead{store_->tombstone}); },
            [&](effect::StoreTombstone& tombstone) {
                store_->tombstone = tombstone.record;
                events.emplace_back(event::TombstoneStored{tombstone.write_id});
            },
            [&](effect::UseStore&) {
                if (wider_ != nullptr) store_ = wider_;
                if (route_.empty()) return;
                store_ = route_.front();
                route_.erase(route_.begin());
            },
            [&](auto& message) { effects.emplace_back(std::move(message)); });
    }

    Store* store_;
    std::vector<Store*> route_;
    Store* wider_ = nullptr;
    State state_;
};

// The effects of one kind, in order.
template <class E>
std::vector<E> only(const Effects& effects) {
    std::vector<E> found;
    for (const Effect& effect : effects) {
        if (const E* match = std::get_if<E>(&effect)) found.push_back(*match);
    }
    return found;
}

// The one announcement among the effects.
inline effect::Announce announced(const Effects& effects) {
    const auto all = only<effect::Announce>(effects);
    REQUIRE(all.size() == 1);
    return all.front();
}

// The outcome of the one reply among the effects: a refusal, or nothing.
inline std::optional<Code> outcome(const Effects& effects) {
    const auto all = only<effect::Reply>(effects);
    REQUIRE(all.size() == 1);
    return all.front().refused;
}

}  // namespace lockstep::test
