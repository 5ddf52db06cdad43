// The event loop itself, over a platform that answers at once: what it does with a value before the core sees an event.
#include "wasm/hub/hub.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "wasm/codec/record.hpp"

namespace lockstep {
namespace {

const std::string portal = "https://portal.acme.com";

class Browser final : public Platform {
public:
    Hub* hub = nullptr;
    EpochMs clock = 1'764'000'000'000;
    std::optional<std::string> record;
    std::vector<std::pair<PortId, std::string>> sent;
    std::vector<PortId> closed;

    EpochMs now() override { return clock; }
    RawRead read_record() override { return record ? RawRead(*record) : std::monostate{}; }
    bool write_record(const std::string& text) override {
        record = text;
        return true;
    }
    void read_tombstone() override { hub->tombstone_read(std::nullopt); }
    void send(PortId port, const std::string& text) override { sent.emplace_back(port, text); }
    void close_port(PortId port) override { closed.push_back(port); }

    void use_backend(Medium) override {}
    void mark_store() override {}
    void abandon_cookie() override {}
    void show_button(const std::string&, const std::string&) override {}
    void store_tombstone(WriteId, const std::string&) override {}
    void request_lock() override {}
    void steal_lock() override {}
    void release_lock() override {}
    void fetch_check(CallId, const std::string&) override {}
    void cancel_check(CallId) override {}
    void open_stream(StreamId /*stream*/, const std::string& /*url*/, const std::string& /*session*/,
                     const std::string& /*subject*/, EpochMs /*signed_in_at*/, bool /*steals*/) override {}
    void close_stream() override {}
    void set_timer(std::optional<EpochMs>) override {}
};

// A hub with an app on its first port.
struct Tab {
    Browser browser;
    Hub hub;

    explicit Tab(EpochMs clock = Browser().clock) : hub(config(), browser) {
        browser.hub = &hub;
        browser.clock = clock;
        StorageCapabilities storage;
        storage.handle = Handle::own_storage;
        hub.started("a", storage);
        hub.hello(hub.next_port(), portal, R"({"lockstep":1,"type":"hello","client":"0.1.0"})");
        browser.sent.clear();
    }
    static Config config() {
        Config config;
        config.hub = "https://hub.acme.com/";
        config.site = "https://acme.com";
        Capabilities all;
        for (const Capability each : {Capability::read, Capability::login, Capability::logout}) all.grant(each);
        config.apps = {{portal, all}};
        return config;
    }
    void login() { hub.message(1, R"({"type":"login","id":1,"subject":"ada"})"); }
};

TEST_CASE("K8.2: what is no text closes its port, and nothing on it is obeyed any more", "[hub][R11]") {
    Tab tab;
    tab.hub.not_a_text(1);
    CHECK(tab.browser.closed == std::vector<PortId>{1});
    tab.login();
    CHECK_FALSE(tab.browser.record);
    CHECK(tab.browser.sent.empty());
}

TEST_CASE("K8.2: what is no text on a port that was replaced closes no other", "[hub][R11]") {
    Tab tab;
    tab.hub.hello(tab.hub.next_port(), portal, R"({"lockstep":1,"type":"hello","client":"0.1.0"})");
    tab.hub.not_a_text(1);
    CHECK(tab.browser.closed == std::vector<PortId>{1});
    CHECK(tab.hub.state().client->port == 2);
}

TEST_CASE("whatever the clock shows, a record has times that every hub can read", "[hub][R8]") {
    const auto clock =
        GENERATE(values<EpochMs>({-1, 0, limits::epoch_ms_max - 1, limits::epoch_ms_max, EpochMs{1} << 62}));
    Tab tab(clock);
    tab.login();
    REQUIRE(tab.browser.record);
    CHECK(std::holds_alternative<Record>(codec::decode_record(*tab.browser.record)));
    tab.hub.message(1, R"({"type":"duties","can":["end"]})");
    tab.hub.message(1, R"({"type":"logout","id":2})");
    tab.hub.timer_fired();
    tab.hub.lock_answered(LockAnswer::granted);
    CHECK(std::holds_alternative<Record>(codec::decode_record(*tab.browser.record)));
    CHECK(tab.browser.record->find("claimed") != std::string::npos);
}

}  // namespace
}  // namespace lockstep
