// What happens in a simulated run, one thing after another. An op carries all the chance it needs, so a schedule can be replayed
// without its seed, and any part of it can be left out: that is how a failing run is made short.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace lockstep::sim {

enum class Kind : std::uint8_t {
    // the user and the apps
    open,         // a tab in this slot
    close,        // the page goes away
    login,        // the app says that somebody signed in
    logout,       // the app says that the user logs out
    touch,        // the user did something
    app_wake,     // the app asks its hub to look again
    hello_again,  // a newer handshake, with what the app showed
    reload_hub,   // the hub's frame is a new document
    goodbye,      // the app is done with its port
    garbage,      // the app sends what is no message
    flood,        // the app sends far too much
    stranger,     // an origin that is not listed, or speaks another version, says hello
    // the browser at work
    commit,       // the browser takes a process' next write
    apply,        // a process takes the next change into its view
    deliver,      // a document hears its next storage event
    finish_keep,  // an end is on disk
    answer_kept,  // the hub gets the kept end it asked for
    fire_timer,   // the one timer, when due
    flush,        // localStorage reaches the disk
    pass,         // time passes
    // what goes wrong
    crash,        // a tab dies without a word
    kill,         // the browser dies: localStorage falls back to what was on disk
    freeze,       // a tab runs nothing
    thaw,         // and goes on
    cache,        // a page goes into the back-forward cache
    restore,      // and comes back
    flicker,      // a document hears of a change before its process sees it (WebKit)
    repeat,       // a document hears an event twice
    early_timer,  // the timer fires before its time
    lose_timer,   // or never
    fail_keep,    // an end could not be kept, or the disk did not answer in time
    fail_kept,    // the kept end could not be read
    late_keep,    // the wait for the disk is over, the end gets there later
    late_put,     // and now it is there
    jump,         // the wall clock is set
    quota,        // the store is full, or no longer
    block,        // the browser refuses the store, or no longer
    corrupt,      // the value becomes garbage
    remove,       // somebody deletes the key
    clear,        // somebody clears the store
    newer_format, // a hub of a later format writes, or that hub is rolled back
    count,
};

inline constexpr std::size_t kind_count = static_cast<std::size_t>(Kind::count);
inline constexpr Kind first_fault = Kind::crash;

struct Op {
    Kind kind{};
    std::uint32_t slot = 0;  // the tab it happens to, as far as it happens to one
    std::uint64_t draw = 0;  // the chance inside it
};
using Schedule = std::vector<Op>;

}  // namespace lockstep::sim
