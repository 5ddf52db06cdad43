// Which key the name of the record's cookie has in it, and what follows where a cookie goes: PROTOCOL §4.3, and §4.2,
// "A cookie that goes". It is a conversation with the cookie jar that begins before any store is in use, so it is apart
// from the hub's own cycle. The page says what it sees and performs what is decided; it has the jar, the clock and the
// random numbers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lockstep {

// Why the page says what it sees. bridge-html/module.d.ts has the same numbers.
enum class KeyEvent {
    probed,           // is there a key that only hubs know?
    written,          // what was written can be read
    change_reported,  // the browser has reported the change of a cookie of the hub …
    change_missed,    // … or not in time
    key_written,      // a cookie of the key's name was …
    key_deleted,
    record_gone,     // the record's cookie, under the key in use
    clearing_over,   // what a user clears must be gone as a whole by now
    storing,         // the record is about to be written
    access_granted,  // by a browser that lets no stranger set such a cookie
    store_changed,   // hubs have a wider store than the cookie
};

struct KeySeen {
    KeyEvent event{};
    std::string_view values;   // of the key's cookies, `;` after each: a stranger's may stand beside the hub's own
    std::string_view written;  // of key_written: the value
    bool record_left = false;  // under the key in use
    bool companion_left = false;
    bool marked = false;
};

// What the page performs, in this order. module.d.ts has the same numbers.
enum class KeyAct {
    write_plain,    // the key, as the value of its cookie …
    write_marked,   // … in the other form
    write_new_key,  // a random one
    read_again,     // answered by `written`
    await_change,   // answered by `change_reported` or `change_missed`
    delete_record,  // under the key in use
    use_key,        // the key; empty: no cookie
    write_companion,
    probe_again,
    await_clearing,   // answered by `clearing_over`
    report_eviction,  // the record is gone
    report_clear,     // … because the user has cleared
    delete_records,   // under every key
};

struct KeyDecision {
    unsigned acts = 0;          // a bit for each KeyAct
    std::string_view key = {};  // in the state that was decided on
    bool operator==(const KeyDecision&) const = default;
};

struct Clearing {
    bool record_gone = false;
    bool companion_left = false;  // when it began
    bool operator==(const Clearing&) const = default;
};

// Of one document.
struct CookieKey {
    std::string key = {};  // empty: none is known
    // A key that is tried before it is used: the value that was found before the hub wrote it again, or none.
    enum class Adopts { nothing, new_key, found } adopts{};
    std::string found = {};
    std::optional<Clearing> clearing = {};
    bool has_written_companion = false;
    bool operator==(const CookieKey&) const = default;
};

// Total: whatever the page sees, and in whatever order.
[[nodiscard]] KeyDecision decide_key(CookieKey& state, const KeySeen& seen);

}  // namespace lockstep
