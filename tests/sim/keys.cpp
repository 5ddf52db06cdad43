#include "tests/sim/keys.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/sim/prng.hpp"
#include "wasm/core/cookie_key.hpp"

namespace lockstep::sim {
namespace {

constexpr int ops = 120;
constexpr int rounds_max = 200;
constexpr std::size_t hubs_max = 4;
constexpr std::string_view mark = "~";

[[nodiscard]] std::string key_of(const std::string& value) {
    return value.ends_with(mark) ? value.substr(0, value.size() - 1) : value;
}

// A change that the browser reports.
struct Change {
    KeyEvent event{};
    std::string value = {};
    std::string record = {};  // of record_gone: the key in its name
};

struct KeyHub {
    int name = 0;
    CookieKey state;
    std::string key;        // in use
    bool has_used = false;  // the cookie, so that its core leaves it
    bool holds_session = false;
    bool has_left = false;         // for a store that is marked
    bool must_probe = true;        // requested, and one at a time
    std::optional<KeyEvent> next;  // of its conversation
    bool awaits_clearing = false;
    int clears_seen = 0;    // when it last had a record …
    int clears_before = 0;  // … before it began to wait
    std::deque<Change> changes;
};

class KeyWorld {
public:
    KeyWorld(std::uint64_t seed, std::ostream* trace) : chance_(seed), trace_(trace) {
        is_strict_ = chance_.one_in(3);
        is_often_silent_ = chance_.one_in(4);
        has_handles_ = is_strict_ && chance_.one_in(2);
    }

    Violation run() {
        for (int op = 0; op < ops && !violation_; ++op) act();
        if (!violation_) liveness();
        return violation_;
    }

private:
    void report(std::string_view broken) {
        if (violation_) return;
        violation_ = std::string(broken);
        if (trace_ != nullptr) *trace_ << "  !! " << broken << '\n';
    }
    void say(std::string_view words) {
        if (trace_ != nullptr) *trace_ << words << '\n';
    }

    // The jar. Every hub is told of every change, the writer too, in the order of changes.
    [[nodiscard]] std::string values() const {
        std::string all;
        for (const std::string& value : strange_) all += value + ';';
        if (own_) all += *own_ + ';';
        return all;
    }
    void announce(const Change& change) {
        for (KeyHub& hub : hubs_) hub.changes.push_back(change);
    }
    void write_key(const KeyHub& hub, const std::string& value) {
        own_ = value;
        own_by_ = hub.name;
        announce({KeyEvent::key_written, value});
    }
    void delete_key() {
        if (tries_strange()) return;
        if (!std::exchange(own_, std::nullopt)) return;
        announce({KeyEvent::key_deleted});
    }
    void delete_record(const std::string& key) {
        if (records_.erase(key) > 0) announce({KeyEvent::record_gone, {}, key});
    }
    void delete_records() {
        while (!records_.empty()) delete_record(std::string(*records_.begin()));
    }
    [[nodiscard]] bool is_in_use(const std::string& key) const {
        return std::any_of(hubs_.begin(), hubs_.end(), [&](const KeyHub& hub) { return hub.key == key; });
    }

    // While a hub tries a stranger's key, nothing distinguishes that key alone from the hub's own (SECURITY, "One gap
    // is left"). So nobody takes one of the two for good meanwhile, and the hub goes on.
    [[nodiscard]] bool tries_strange() const {
        return std::any_of(hubs_.begin(), hubs_.end(), [&](const KeyHub& hub) {
            return hub.next && hub.state.adopts == CookieKey::Adopts::found && known_.contains(key_of(hub.state.found));
        });
    }

    // What a page does (bridge-html/cookie-backend.ts).
    void see(KeyHub& hub, KeyEvent event, std::string_view written) {
        if (is_flickering_ && event != KeyEvent::written) lay();
        const std::string shown = values();
        const KeySeen seen{event, shown, written, records_.contains(hub.key), companion_, marked_};
        if (trace_ != nullptr)
            *trace_ << "  hub " << hub.name << " sees " << static_cast<int>(event) << ' ' << written << " in " << shown
                    << '\n';
        const KeyDecision decision = decide_key(hub.state, seen);
        const std::string key(decision.key);
        for (unsigned act = 0; decision.acts >> act != 0; ++act) {
            if ((decision.acts >> act & 1U) != 0) perform(hub, event, static_cast<KeyAct>(act), key);
        }
    }

    void perform(KeyHub& hub, KeyEvent event, KeyAct act, const std::string& key) {
        switch (act) {
            case KeyAct::write_plain: return write_key(hub, key);
            case KeyAct::write_marked: return write_key(hub, key + std::string(mark));
            case KeyAct::write_new_key: return write_new_key(hub, event);
            case KeyAct::read_again: hub.next = KeyEvent::written; return;
            case KeyAct::await_change: hub.next = KeyEvent::change_reported; return;
            case KeyAct::delete_record: return delete_record(hub.key);
            case KeyAct::use_key: return use(hub, key);
            case KeyAct::write_companion: companion_ = companion_since_clear_ = true; return;
            case KeyAct::probe_again: hub.must_probe = true; return;
            case KeyAct::await_clearing: return await_clearing(hub);
            case KeyAct::report_eviction: return evicted(hub);
            case KeyAct::report_clear: return cleared(hub);
            case KeyAct::delete_records: return delete_records();
        }
    }

    // Where two hubs try the key at once, one may find the other's form in the place of its own.
    void write_new_key(const KeyHub& hub, KeyEvent event) {
        const bool is_tried = event == KeyEvent::written || event == KeyEvent::change_reported;
        if (is_tried && own_ && own_by_ == hub.name && !known_.contains(key_of(*own_)) && is_in_use(key_of(*own_)))
            report("a sibling host has made a hub replace the key of the others");
        write_key(hub, "9" + std::to_string(++keys_) + std::string(mark));
    }

    void use(KeyHub& hub, const std::string& key) {
        if (trace_ != nullptr) *trace_ << "  hub " << hub.name << " uses " << (key.empty() ? "no cookie" : key) << '\n';
        if (known_.contains(key)) report("PROTOCOL §4.3: a hub uses a key that a sibling host knows");
        hub.key = key;
        if (key.empty()) return;
        hub.has_used = true;
        if (records_.contains(key)) {
            hub.holds_session = true;
            hub.clears_seen = clears_;
        } else if (hub.holds_session) {
            store(hub);  // R4: absent is not signed out
        }
    }

    void store(KeyHub& hub) {
        see(hub, KeyEvent::storing, {});
        records_.insert(hub.key);
        hub.holds_session = true;
        hub.clears_seen = clears_;
    }

    void await_clearing(KeyHub& hub) {
        if (std::exchange(hub.awaits_clearing, true)) report("a hub waits for two clearings at once");
        hub.clears_before = hub.clears_seen;
    }

    [[nodiscard]] bool is_replaced(const KeyHub& hub) const { return own_ && key_of(*own_) != hub.key; }

    void evicted(KeyHub& hub) {
        if (is_replaced(hub)) report("R4: a record under a key that was replaced is missed");
        if (marked_) report("R4: a record beside a marked store is missed");
        if (hub.clears_seen != clears_ && !companion_since_clear_)
            report("R4: what the user has cleared is written again");
        if (hub.holds_session && !hub.key.empty()) store(hub);
    }

    void cleared(KeyHub& hub) {
        if (is_replaced(hub)) report("R4: a record under a key that was replaced is taken for cleared");
        if (marked_) report("R4: a record beside a marked store is taken for cleared");
        if (hub.clears_before == clears_) report("R4: a record that nobody has cleared is taken for cleared");
        hub.holds_session = false;
    }

    // A sibling host. It knows what it has laid, and can read nothing.
    void lay() {
        if (is_strict_) return;
        if (strange_.empty() && !is_flickering_ && chance_.one_in(4)) strange_key_ = "6" + std::to_string(++keys_);
        is_flickering_ = false;
        known_.insert(strange_key_);
        const std::string value = strange_key_ + (chance_.one_in(3) ? std::string(mark) : std::string());
        if (std::find(strange_.begin(), strange_.end(), value) == strange_.end()) strange_.push_back(value);
        if (trace_ != nullptr) *trace_ << "  a sibling host lays " << value << '\n';
        announce({KeyEvent::key_written, value});
    }

    // It comes again before a hub that tries it has read for the last time.
    void take() {
        if (strange_.empty()) return;
        is_flickering_ = tries_strange();
        say("  the sibling host takes its keys");
        for (std::size_t left = strange_.size(); left > 0; --left) announce({KeyEvent::key_deleted});
        strange_.clear();
    }

    void clear() {
        say("  the user clears");
        clears_ += 1;
        companion_ = companion_since_clear_ = false;
        delete_records();
        delete_key();
    }

    void leave() {
        say("  a hub with a handle marks the store and abandons the cookie");
        marked_ = true;
        KeyHub other;
        see(other, KeyEvent::store_changed, {});
        for (KeyHub& hub : hubs_) hub.must_probe = true;  // the mark is reported, too
    }

    void close(const KeyHub& hub) {
        // What it wrote last may have come after the cookie was abandoned: whoever opens next moves it.
        is_orphaned_ = is_orphaned_ || (marked_ && !hub.has_left);
        hubs_.erase(hubs_.begin() + (&hub - hubs_.data()));
    }

    // A page reads at once what it has written: others come in between, but nothing of its own does.
    [[nodiscard]] static bool is_busy(const KeyHub& hub) { return hub.next == KeyEvent::written; }

    // A step of a hub. False where it has nothing to do.
    bool step(KeyHub& hub) {
        if (const auto event = std::exchange(hub.next, std::nullopt)) {
            const bool is_missed = event == KeyEvent::change_reported && is_often_silent_ && chance_.one_in(3);
            see(hub, is_missed ? KeyEvent::change_missed : *event, {});
            if (is_missed) hub.must_probe = true;  // it is reported after all
            return true;
        }
        if (!std::exchange(hub.must_probe, false)) return false;
        if (!marked_) {
            see(hub, KeyEvent::probed, {});
        } else if (!std::exchange(hub.has_left, true) && hub.has_used) {
            see(hub, KeyEvent::store_changed, {});
        }
        return true;
    }

    bool deliver(KeyHub& hub) {
        if (hub.changes.empty() || is_busy(hub)) return false;
        const Change change = std::move(hub.changes.front());
        hub.changes.pop_front();
        if (change.event != KeyEvent::record_gone || change.record == hub.key) see(hub, change.event, change.value);
        return true;
    }

    bool end_clearing(KeyHub& hub) {
        if (is_busy(hub) || !std::exchange(hub.awaits_clearing, false)) return false;
        see(hub, KeyEvent::clearing_over, {});
        return true;
    }

    void act() {
        KeyHub* hub = hubs_.empty() ? nullptr : &hubs_[chance_.below(static_cast<std::uint32_t>(hubs_.size()))];
        switch (chance_.below(16)) {
            case 0: return lay();
            case 1: return take();
            case 2: say("  the jar drops the key"); return delete_key();
            case 3: say("  the jar drops the records"); return delete_records();
            case 4:
                if (chance_.one_in(4)) clear();
                return;
            case 5:
                if (has_handles_ && !marked_ && chance_.one_in(8)) leave();
                return;
            case 6:
                if (hubs_.size() == hubs_max) return;
                hubs_.emplace_back();
                hubs_.back().name = ++names_;
                hubs_.back().clears_seen = clears_;
                return;
            case 7:
                if (hub != nullptr && chance_.one_in(4) && !tries_strange()) close(*hub);
                return;
            case 8:
                if (hub != nullptr && !hub->key.empty() && !hub->has_left && !is_busy(*hub)) store(*hub);
                return;
            case 9:
                if (hub != nullptr) end_clearing(*hub);
                return;
            case 10:
            case 11:
            case 12:
                if (hub != nullptr) deliver(*hub);
                return;
            default:
                if (hub != nullptr) step(*hub);
                return;
        }
    }

    // The sibling host has gone, and everything arrives: all hubs have one key, and the session is under it.
    void liveness() {
        say("liveness phase");
        is_often_silent_ = false;
        bool is_key_to_drop = !marked_ && chance_.one_in(2);  // once more, and nothing else happens
        for (int round = 0; round < rounds_max && !violation_; ++round) {
            bool moved = false;
            for (KeyHub& hub : hubs_) moved = step(hub) || deliver(hub) || end_clearing(hub) || moved;
            if (moved) continue;
            const bool is_quiet = strange_.empty() && !is_flickering_;
            if (is_quiet && std::exchange(is_key_to_drop, false)) {
                delete_key();
                continue;
            }
            if (is_quiet) return marked_ ? check_left() : check_agreement();
            take();
            is_flickering_ = false;
        }
        report("LIVENESS: the hubs never stop writing the key");
    }

    void check_agreement() {
        for (const KeyHub& hub : hubs_) {
            if (hub.key.empty()) report("LIVENESS: a hub uses no cookie, though nothing is in its way");
            if (hub.key != hubs_.front().key) report("LIVENESS: two hubs have two keys");
            if (own_ && key_of(*own_) != hub.key) report("LIVENESS: a hub has another key than the jar");
            // Where the user has deleted the key and there is no record, it comes back with the next.
            if (hub.holds_session && !(own_ && records_.contains(hub.key)))
                report("LIVENESS: a hub holds a session that is not in the jar");
        }
    }

    void check_left() {
        if (!records_.empty() && !is_orphaned_) report("a record stays behind in the cookie, beside the marked store");
    }

    Prng chance_;
    std::ostream* trace_;
    Violation violation_;
    bool is_strict_ = false;  // a browser that lets no stranger set a cookie of this name
    bool is_often_silent_ = false;
    bool has_handles_ = false;
    std::optional<std::string> own_;  // set by the hub's own host
    int own_by_ = 0;
    std::vector<std::string> strange_;  // by a sibling host, at one path or another
    std::string strange_key_ = "60";
    std::set<std::string> known_;  // to the sibling host
    bool is_flickering_ = false;
    std::set<std::string> records_;  // by the keys in their names
    bool companion_ = false;
    bool companion_since_clear_ = true;  // somebody has written it since the user cleared
    bool marked_ = false;
    bool is_orphaned_ = false;
    int clears_ = 0;
    int keys_ = 0;
    int names_ = 0;
    std::vector<KeyHub> hubs_;
};

}  // namespace

Violation run_keys(std::uint64_t seed, std::ostream* trace) { return KeyWorld(seed, trace).run(); }

}  // namespace lockstep::sim
