#include "tests/native/transcripts/transcript.hpp"

#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "tests/native/transcripts/transcript_tab.hpp"
#include "wasm/codec/config.hpp"

namespace lockstep::test {
namespace {

constexpr std::string_view default_config =
    R"({"hub":"https://hub.acme.com/","site":"https://acme.com","apps":[)"
    R"({"origin":"https://portal.acme.com","can":["read","login","logout","activity"]},)"
    R"({"origin":"https://billing.acme.com","can":["read","logout","activity"]},)"
    R"({"origin":"https://reports.acme.com","can":["read"]}],"session":{}})";

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
        if (subject == "start") return start(verb, rest);
        if (subject == "hello") return tab(verb).hello_again(rest);
        if (subject == "clock") return static_cast<void>(world_.now += std::stoll(verb));
        if (subject == "store") return store(verb + (rest.empty() ? "" : " " + rest));
        if (subject == "capabilities") return static_cast<void>(world_.storage = storage(verb, rest));
        if (verb == "capabilities") return change_capabilities(tab(subject), rest);
        if (subject == "tombstone" && verb == "absent") return world_.tombstone.reset();
        if (verb == "hello") return hello(tab(subject), rest);
        if (verb == "says") return tab(subject).says(rest);
        if (verb == "says-no-text") return tab(subject).says_no_text();
        if (verb == "storage-event" && rest == "clear") return tab(subject).hub().store_cleared();
        if (verb == "storage-event")
            return tab(subject).storage_event(rest.empty() ? world_.record : std::optional(rest));
        if (verb == "cookie-gone") return tab(subject).hub().cookie_gone(rest == "companion-left");
        if (verb == "tombstone-read")
            return tab(subject).hub().tombstone_read(rest == "absent" ? std::nullopt : std::optional(rest));
        if (verb == "tombstone-stored")
            return tab(subject).hub().tombstone_stored(static_cast<WriteId>(std::stoul(rest)));
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
    TranscriptTab& add(const std::string& name, Origin origin) {
        auto decoded = codec::decode_config(config_);
        if (const auto* wrong = std::get_if<std::string>(&decoded)) throw std::runtime_error(*wrong);
        tabs_[name] = std::make_unique<TranscriptTab>(world_, name, std::get<Config>(decoded), origin);
        return *tabs_[name];
    }
    void open(const std::string& name, const std::string& origin) {
        TranscriptTab& opened = add(name, Origin::written);
        std::string writer = name;
        for (char& c : writer) c = static_cast<char>(c - 'A' + 'a');
        opened.start(std::move(writer), true, false, 1);
        opened.hello(origin, "");
    }
    // The writer, and what the page was when its hub started.
    void start(const std::string& name, const std::string& what) {
        std::istringstream words(what);
        std::string writer;
        words >> writer;
        bool visible = true, browser_start = false;
        std::int64_t hubs_in_tab = 1;
        for (std::string word; words >> word;) {
            if (word.starts_with("hubs=")) hubs_in_tab = std::stoll(word.substr(5));
            if (word == "hidden") visible = false;
            if (word == "browser-start") browser_start = true;
        }
        add(name, Origin::recorded).start(std::move(writer), visible, browser_start, hubs_in_tab);
    }
    // The origin, and the text as it was sent.
    static void hello(TranscriptTab& tab, const std::string& what) {
        const auto space = what.find(' ');
        tab.hello_text(what.substr(0, space), space == std::string::npos ? "" : what.substr(space + 1));
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
    static StorageCapabilities storage(const std::string& shown, const std::string& others) {
        StorageCapabilities storage;
        if (shown == "own-storage" || shown == "unmarked-storage") storage.handle = Handle::own_storage;
        if (shown == "first-party") storage.handle = Handle::first_party;
        storage.marked = storage.handle != Handle::none && shown != "unmarked-storage";
        storage.cookie = shown == "cookie";
        std::istringstream words(others);
        for (std::string word; words >> word;) {
            if (word == "possible") storage.asking = Asking::possible;
            if (word == "denied") storage.asking = Asking::denied;
            if (word == "marked") storage.marked = true;
            if (word == "unmarked") storage.marked = false;
            if (word == "marked-elsewhere") storage.marked_elsewhere = true;
            if (word == "record-in-cookie") storage.record_in_cookie = true;
            if (word == "met-other-top") storage.met_other_top = true;
            if (word == "below-a-frame") storage.parent_is_top = false;
        }
        return storage;
    }
    static void change_capabilities(TranscriptTab& tab, const std::string& what) {
        const auto space = what.find(' ');
        const std::string others = space == std::string::npos ? "" : what.substr(space + 1);
        tab.capabilities_changed(storage(what.substr(0, space), others), others.ends_with("asked"));
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
