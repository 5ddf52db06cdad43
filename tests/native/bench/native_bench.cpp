// Counts what the core and whole hubs do in a second, optimised and without a browser. It prints JSON for
// tests/bench/steps.ts, and stops with an error when a change is not told: a fast hub that says nothing is worth
// nothing.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "wasm/core/match.hpp"
#include "wasm/hub/hub.hpp"

namespace {

using namespace lockstep;

const std::string portal = "https://portal.acme.com";
const std::string billing = "https://billing.acme.com";

Config acme() {
    Capabilities all;
    for (const Capability each : {Capability::read, Capability::login, Capability::logout, Capability::activity})
        all.grant(each);
    Config config;
    config.hub = "https://hub.acme.com/";
    config.site = "https://acme.com";
    config.apps = {{portal, all}, {billing, all}};
    return config;
}

StorageCapabilities storage() {
    StorageCapabilities storage;
    storage.handle = Handle::own_storage;
    return storage;
}

void must(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "%s\n", what);
    std::exit(1);
}

// Runs `once` with growing numbers for so long; returns how often a second.
template <class Once>
double per_second(double seconds, Once once) {
    using clock = std::chrono::steady_clock;
    const auto start = clock::now();
    long count = 0;
    double took = 0;
    while (took < seconds) {
        for (int i = 0; i < 100; ++i) once(count++);
        took = std::chrono::duration<double>(clock::now() - start).count();
    }
    return static_cast<double>(count) / took;
}

// Two cores on one store that answers at once; every step is counted.
struct Cores {
    Read record = read::Absent{};
    std::vector<State> tabs;
    EpochMs now = 1'764'000'000'000;
    long steps = 0;
    long announced = 0;

    void open(const std::string& writer, const std::string& origin) {
        tabs.push_back(initial_state(acme()));
        happen(tabs.size() - 1, event::Started{writer, storage()});
        happen(tabs.size() - 1, event::HelloReceived{1, origin, std::nullopt, std::nullopt});
    }

    void happen(std::size_t tab, Event first) {
        std::vector<Event> events{std::move(first)};
        for (std::size_t i = 0; i < events.size(); ++i) {
            const Event event = std::move(events[i]);
            Step done = step(std::move(tabs[tab]), now, event);
            tabs[tab] = std::move(done.state);
            steps += 1;
            for (Effect& effect : done.effects) perform(effect, events);
        }
    }

    void perform(Effect& effect, std::vector<Event>& events) {
        match(
            effect, [&](effect::ReadRecord&) { events.emplace_back(event::RecordRead{record}); },
            [&](effect::WriteRecord& write) {
                record = std::move(write.record);
                events.emplace_back(event::RecordWritten{write.write_id});
            },
            [&](effect::ReadTombstone&) { events.emplace_back(event::TombstoneRead{read::Absent{}}); },
            [&](effect::StoreTombstone& keep) { events.emplace_back(event::TombstoneStored{keep.write_id}); },
            [&](effect::Announce&) { announced += 1; }, [](auto&) {});
    }

    void change(long n) {
        now += 100;  // an app that speaks no more often is never refused
        const auto id = static_cast<RequestId>(n % 1'000'000 + 1);
        const long before = announced;
        if (n % 2 == 0) {
            const auto shown = tabs[0].client->announced->last_end;
            happen(0, event::LoginReceived{1, id, "u-42", std::nullopt, std::nullopt, "{\"name\":\"Ada\"}", shown});
        } else {
            happen(0, event::LogoutReceived{1, id, std::nullopt});
        }
        happen(1, event::StoreChanged{});
        must(announced == before + 2, "a change was not told to both tabs");
    }
};

// A page of the benchmark: what it stores is shared, what it says is counted.
class Page final : public Platform {
public:
    Page(RawRead& store, EpochMs& now, const std::string& writer, const std::string& origin)
        : store_(store), now_(now), hub(acme(), *this) {
        hub.started(writer, storage());
        must(hub.is_origin_allowed(origin), "the origin is not listed");
        hub.hello(hub.next_port(), origin, R"({"lockstep":1,"type":"hello","client":"0.1.0"})");
    }

    [[nodiscard]] EpochMs now() override { return now_; }
    [[nodiscard]] RawRead read_record() override { return store_; }
    [[nodiscard]] bool write_record(const std::string& text) override {
        store_ = text;
        return true;
    }
    void use_backend(Medium /*medium*/) override {}
    void mark_store() override {}
    void abandon_cookie() override {}
    void show_button(const std::string& /*label*/, const std::string& /*style*/) override {}
    void read_tombstone() override { hub.tombstone_read({}); }
    void store_tombstone(WriteId write_id, const std::string& /*text*/) override { hub.tombstone_stored(write_id); }
    void request_lock() override { hub.lock_answered(LockAnswer::missing); }
    void steal_lock() override { hub.lock_answered(LockAnswer::missing); }
    void release_lock() override {}
    void fetch_check(CallId /*call*/, const std::string& /*url*/) override {}
    void cancel_check(CallId /*call*/) override {}
    void open_stream(StreamId /*stream*/, const std::string& /*url*/, const std::string& /*session*/,
                     const std::string& /*subject*/, EpochMs /*signed_in_at*/, bool /*steals*/) override {}
    void close_stream() override {}
    void send(PortId /*port*/, const std::string& text) override {
        if (text.rfind(R"({"type":"changed")", 0) != 0) return;
        told += 1;
        const std::string_view name = R"("lastEnd":)";
        const auto at = text.find(name);
        if (at != std::string::npos) last_end = text.substr(at, text.find(',', at) - at);
    }
    void close_port(PortId /*port*/) override {}
    void set_timer(std::optional<EpochMs> /*delay_ms*/) override {}

private:
    RawRead& store_;
    EpochMs& now_;

public:
    Hub hub;
    long told = 0;
    std::string last_end = R"("lastEnd":"1.local-storage")";  // the member, as its app was sent it
};

double steps_per_second(double seconds) {
    Cores cores;
    cores.open("aaaa", portal);
    cores.open("bbbb", billing);
    const long before = cores.steps;
    long changes = 0;
    const double changed = per_second(seconds, [&](long n) {
        cores.change(n);
        changes += 1;
    });
    return changed * static_cast<double>(cores.steps - before) / static_cast<double>(changes);
}

double changes_per_second(double seconds) {
    RawRead store;
    EpochMs now = 1'764'000'000'000;
    Page writer(store, now, "aaaa", portal);
    Page reader(store, now, "bbbb", billing);
    const std::string login = R"({"type":"login","id":1,"subject":"u-42","claims":{"name":"Ada Lovelace"},)";
    const std::string logout = R"({"type":"logout","id":2})";
    return per_second(seconds, [&](long n) {
        now += 100;
        const long before = writer.told + reader.told;
        writer.hub.message(1, n % 2 == 0 ? login + writer.last_end + '}' : logout);
        reader.hub.store_changed(std::get<std::string>(store));
        must(writer.told + reader.told == before + 2, "a change was not told to both pages");
    });
}

}  // namespace

int main(int count, char** words) {
    const double seconds = count > 1 ? std::strtod(words[1], nullptr) : 1.0;
    must(seconds > 0, "usage: native_bench [seconds]");
    std::printf("{\"stepsPerSecond\":%.0f,\"changesPerSecond\":%.0f}\n", steps_per_second(seconds),
                changes_per_second(seconds));
}
