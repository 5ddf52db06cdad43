// A tab of a transcript: one hub over a world that all tabs of the transcript share. Its effects are the indented
// lines.
#pragma once

#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "wasm/hub/hub.hpp"

namespace lockstep::test {

// What all tabs of the transcript share.
struct World {
    std::ostringstream story;
    EpochMs now = 1'000'000;
    std::optional<std::string> record;
    std::optional<std::string> partition;  // the record in the part of the storage that belongs to another site
    StorageCapabilities storage;           // of tabs to be opened
    std::optional<std::string> tombstone;
    bool blocked = false;
    bool full = false;
};

// How a tab came into the transcript: `written` by hand (the durable tombstone answers at once, in the world), or
// `recorded` in a browser (each answer is a line, because others may come before it).
enum class Origin { written, recorded };

class TranscriptTab final : public Platform {
public:
    TranscriptTab(World& world, std::string name, Config config, Origin origin);

    void start(std::string writer, bool visible, bool browser_start, std::int64_t hubs_in_tab);
    void hello(const std::string& origin, const std::string& last);
    void hello_again(const std::string& last) { hello(app_, last); }
    // As the app wrote it.
    void hello_text(const std::string& origin, const std::string& text);
    void capabilities_changed(const StorageCapabilities& storage, bool asked);
    void says(const std::string& text) { hub_.message(port(), text); }
    void says_no_text() { hub_.not_a_text(port()); }
    void storage_event(const std::optional<std::string>& text);
    [[nodiscard]] Hub& hub() { return hub_; }

    EpochMs now() override { return world_.now; }
    RawRead read_record() override;
    bool write_record(const std::string& stored) override;
    void use_backend(Medium medium) override;
    void mark_store() override { effect() << "marks the first party's storage\n"; }
    void abandon_cookie() override { effect() << "abandons the cookie\n"; }
    void show_button(const std::string& label, const std::string& style) override;
    void read_tombstone() override;
    void store_tombstone(WriteId write_id, const std::string& text) override;
    void request_lock() override { effect() << "asks for the lock\n"; }
    void steal_lock() override { effect() << "takes the lock over\n"; }
    void release_lock() override { effect() << "releases the lock\n"; }
    void fetch_check(CallId call, const std::string& url) override;
    void cancel_check(CallId call) override { effect() << "cancels the fetch " << call << '\n'; }
    void open_stream(StreamId stream, const std::string& url, const std::string& session, const std::string& subject,
                     EpochMs signed_in_at, bool steals) override;
    void close_stream() override { effect() << "gives up its stream\n"; }
    void send(PortId, const std::string& text) override { effect() << "tells its app " << text << '\n'; }
    void close_port(PortId port) override;
    void set_timer(std::optional<EpochMs> delay_ms) override;

private:
    [[nodiscard]] std::optional<std::string>& record();
    // The app speaks on its newest one.
    [[nodiscard]] PortId port() const { return ports_.empty() ? 0 : ports_.back(); }
    std::ostream& effect() { return world_.story << "  " << name_ << ' '; }

    World& world_;
    std::string name_;
    Origin origin_;
    std::string app_;
    std::vector<PortId> ports_;  // those that are open
    Handle handle_;
    bool cookie_;
    Hub hub_;
};

}  // namespace lockstep::test
