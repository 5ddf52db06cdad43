#include "tests/native/transcripts/transcript.hpp"

#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "wasm/codec/config.hpp"
#include "wasm/codec/cookie_text.hpp"
#include "wasm/codec/names.hpp"
#include "wasm/hub/hub.hpp"

namespace lockstep::test {
namespace {

constexpr std::string_view default_config =
    R"({"hub":"https://hub.acme.com/","site":"https://acme.com","apps":[)"
    R"({"origin":"https://portal.acme.com","can":["read","login","logout","activity"]},)"
    R"({"origin":"https://billing.acme.com","can":["read","logout","activity"]},)"
    R"({"origin":"https://reports.acme.com","can":["read"]}],"session":{}})";

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

class TranscriptTab final : public Platform {
public:
    TranscriptTab(World& world, std::string name, Config config)
        : world_(world), name_(std::move(name)), hub_(std::move(config), *this) {
        std::string writer = name_;
        for (char& c : writer) c = static_cast<char>(c - 'A' + 'a');
        handle_ = world_.storage.handle;
        cookie_ = world_.storage.cookie;
        hub_.started(std::move(writer), world_.storage);
    }

    void hello(const std::string& origin, const std::string& last) {
        origin_ = origin;
        port_ = hub_.next_port();
        if (!hub_.is_origin_allowed(origin)) return close_port(port_);
        std::string text = R"({"lockstep":1,"type":"hello","client":"0.1.0")";
        if (!last.empty()) text += R"(,"last":)" + last;
        hub_.hello(port_, origin, text + "}");
    }
    void capabilities_changed(const StorageCapabilities& storage, bool asked) {
        handle_ = storage.handle;
        cookie_ = storage.cookie;
        hub_.storage_capabilities_changed(storage, asked);
    }
    void hello_again(const std::string& last) { hello(origin_, last); }
    void says(const std::string& text) { hub_.message(port_, text); }
    [[nodiscard]] Hub& hub() { return hub_; }

    EpochMs now() override { return world_.now; }
    RawRead read_record() override {
        if (world_.blocked) return StoreBlocked{};
        if (!record()) return std::monostate{};
        return cookie_ ? codec::encode_cookie(*record()) : *record();
    }
    bool write_record(const std::string& stored) override {
        const std::string text = cookie_ ? codec::decode_cookie(stored).value() : stored;
        const bool refused = world_.blocked || world_.full;
        effect() << (refused ? "cannot store " : "stores ") << text << '\n';
        if (!refused) record() = text;
        return !refused;
    }
    void use_backend(Medium medium) override { effect() << "uses " << codec::name_of(medium) << '\n'; }
    void mark_store() override { effect() << "marks the first party's storage\n"; }
    void abandon_cookie() override { effect() << "abandons the cookie\n"; }
    void show_button(const std::string& label, const std::string& style) override {
        effect() << "shows a button " << label << " [" << style << "]\n";
    }
    void read_tombstone() override { hub_.tombstone_read(world_.tombstone); }
    void store_tombstone(WriteId write_id, const std::string& text) override {
        effect() << "stores the tombstone " << text << '\n';
        world_.tombstone = text;
        hub_.tombstone_stored(write_id);
    }
    void request_lock() override { effect() << "asks for the lock\n"; }
    void steal_lock() override { effect() << "takes the lock over\n"; }
    void release_lock() override { effect() << "releases the lock\n"; }
    void fetch_check(CallId call, const std::string& url) override {
        effect() << "fetches " << url << " as " << call << '\n';
    }
    void cancel_check(CallId call) override { effect() << "cancels the fetch " << call << '\n'; }
    void open_stream(StreamId stream, const std::string& url, const std::string& session, const std::string& subject,
                     EpochMs signed_in_at, bool steals) override {
        effect() << (steals ? "takes over the stream " : "wants the stream ") << stream << " of " << url << " for ["
                 << session << "] and " << subject << " since " << signed_in_at << '\n';
    }
    void close_stream() override { effect() << "gives up its stream\n"; }
    void send(PortId, const std::string& text) override { effect() << "tells its app " << text << '\n'; }
    void close_port(PortId port) override { effect() << "closes port " << port << '\n'; }
    void set_timer(std::optional<EpochMs> delay_ms) override {
        if (delay_ms) {
            effect() << "wants to be woken in " << *delay_ms << " ms\n";
        } else {
            effect() << "needs no timer\n";
        }
    }

private:
    [[nodiscard]] std::optional<std::string>& record() {
        return handle_ == Handle::none && !cookie_ ? world_.partition : world_.record;
    }
    std::ostream& effect() { return world_.story << "  " << name_ << ' '; }

    World& world_;
    std::string name_;
    std::string origin_;
    PortId port_ = 0;
    Handle handle_ = Handle::none;
    bool cookie_ = false;
    Hub hub_;
};

class Replay {
public:
    void line(const std::string& text) {
        if (text.starts_with("  ")) return;  // made anew
        world_.story << text << '\n';
        if (text.empty() || text[0] == '#') return;
        perform(text);
        for (const auto& [name, each] : tabs_) {
            if (const auto broken = violated(each->hub().hub_state()))
                throw std::runtime_error(name + " after \"" + text + "\": " + std::string(*broken));
        }
    }

    Replay() { world_.storage = storage("own-storage", ""); }

    [[nodiscard]] std::string story() const { return world_.story.str(); }

private:
    void perform(const std::string& text) {
        std::istringstream words(text);
        std::string subject, verb;
        words >> subject >> verb;
        std::string rest;
        std::getline(words >> std::ws, rest);
        if (subject == "config") return configure(verb + (rest.empty() ? "" : " " + rest));
        if (subject == "open") return open(verb, rest);
        if (subject == "hello") return tab(verb).hello_again(rest);
        if (subject == "clock") return static_cast<void>(world_.now += std::stoll(verb));
        if (subject == "store") return store(verb + (rest.empty() ? "" : " " + rest));
        if (subject == "capabilities") return static_cast<void>(world_.storage = storage(verb, rest));
        if (verb == "capabilities") return change_capabilities(tab(subject), rest);
        if (subject == "tombstone" && verb == "absent") return world_.tombstone.reset();
        if (verb == "says") return tab(subject).says(rest);
        if (verb == "storage-event" && rest == "clear") return tab(subject).hub().store_cleared();
        if (verb == "storage-event")
            return tab(subject).hub().store_changed(rest.empty() ? world_.record : std::optional(rest));
        if (verb == "wakes") return tab(subject).hub().woke();
        if (verb == "hides") return tab(subject).hub().visibility_changed(false);
        if (verb == "shows") return tab(subject).hub().visibility_changed(true);
        if (verb == "leaves") return tab(subject).hub().leaving();
        if (verb == "freezes") return tab(subject).hub().freezing();
        if (verb == "stream") return stream(tab(subject).hub(), rest);
        if (verb == "lock" && rest == "lost") return tab(subject).hub().lock_lost();
        if (verb == "lock") return tab(subject).hub().lock_answered(lock_answer(rest));
        if (verb == "fetched") return fetched(tab(subject), rest);
        if (verb == "timer") return tab(subject).hub().timer_fired();
        throw std::runtime_error("no such line in a transcript: " + text);
    }
    void configure(std::string text) { config_ = std::move(text); }
    void open(const std::string& name, const std::string& origin) {
        auto decoded = codec::decode_config(config_);
        if (const auto* wrong = std::get_if<std::string>(&decoded)) throw std::runtime_error(*wrong);
        tabs_[name] = std::make_unique<TranscriptTab>(world_, name, std::get<Config>(decoded));
        tabs_[name]->hello(origin, "");
    }
    void store(const std::string& what) {
        if (what == "absent") return world_.record.reset();
        if (what == "blocked" || what == "full" || what == "open") {
            world_.blocked = what == "blocked";
            world_.full = what == "full";
            return;
        }
        world_.record = what;
    }
    // The number of the call, and what was answered if anything was.
    static void fetched(TranscriptTab& tab, const std::string& what) {
        const auto space = what.find(' ');
        const auto call = static_cast<CallId>(std::stoul(what.substr(0, space)));
        tab.hub().check_fetched(call,
                                space == std::string::npos ? std::nullopt : std::optional(what.substr(space + 1)));
    }
    // The number of the stream, and what happens to it.
    static void stream(Hub& hub, const std::string& what) {
        const auto space = what.find(' ');
        const auto id = static_cast<StreamId>(std::stoul(what.substr(0, space)));
        const std::string word = what.substr(space + 1);
        if (word == "opened") return hub.stream_opened(id);
        if (word == "failed") return hub.stream_failed(id);
        if (word == "ended") return hub.end_pushed(id);
        throw std::runtime_error("nothing of a stream in a transcript: " + word);
    }
    // What the browser shows, and whether the user may be asked for more.
    static StorageCapabilities storage(const std::string& shown, const std::string& asking) {
        StorageCapabilities storage;
        if (shown == "own-storage" || shown == "unmarked-storage") storage.handle = Handle::own_storage;
        if (shown == "first-party") storage.handle = Handle::first_party;
        storage.marked = storage.handle != Handle::none && shown != "unmarked-storage";
        storage.cookie = shown == "cookie";
        if (asking == "possible") storage.asking = Asking::possible;
        if (asking == "denied") storage.asking = Asking::denied;
        return storage;
    }
    static void change_capabilities(TranscriptTab& tab, const std::string& what) {
        std::istringstream words(what);
        std::string shown, asking, asked;
        words >> shown >> asking >> asked;
        tab.capabilities_changed(storage(shown, asking), asked == "asked");
    }
    static LockAnswer lock_answer(const std::string& word) {
        if (word == "granted") return LockAnswer::granted;
        if (word == "busy") return LockAnswer::busy;
        if (word == "missing") return LockAnswer::missing;
        throw std::runtime_error("no such answer of a lock in a transcript: " + word);
    }
    TranscriptTab& tab(const std::string& name) { return *tabs_.at(name); }

    World world_;
    std::string config_{default_config};
    std::map<std::string, std::unique_ptr<TranscriptTab>> tabs_;
};

}  // namespace

std::string replayed(std::string_view transcript) {
    Replay replay;
    std::istringstream lines{std::string(transcript)};
    for (std::string line; std::getline(lines, line);) replay.line(line);
    return replay.story();
}

}  // namespace lockstep::test
