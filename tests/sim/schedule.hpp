// The operations of a run, in order. Each carries its own random numbers, so a schedule can be replayed without its
// seed, and any part of it can be left out: so a failing run is minimised.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lockstep::sim {

// In the order of the table in schedule.cpp, which describes each.
enum class Kind : std::uint8_t {
    // the user and the apps
    open,
    close,
    login,
    logout,
    touch,
    app_wake,
    hello_again,
    reload_hub,
    goodbye,
    garbage,
    flood,
    stranger,
    say_duties,
    ask_check,
    answer_duty,
    hide,
    revoke,
    ask_scope,
    begin_login,
    // the browser
    commit,
    apply,
    deliver,
    finish_tombstone,
    answer_tombstone_read,
    fire_timer,
    flush,
    pass,
    thaw,
    restore,
    late_put,
    answer_lock,
    lose_lock,
    answer_fetch,
    answer_stream,
    push,
    // the faults
    crash,
    kill,
    freeze,
    cache,
    flicker,
    repeat,
    early_timer,
    lose_timer,
    fail_tombstone_write,
    fail_tombstone_read,
    outlast_tombstone_write,
    jump,
    quota,
    block,
    corrupt,
    remove,
    newer_format,
    grant,
    deny,
    lose_stream,
    count,
};

inline constexpr std::size_t kind_count = static_cast<std::size_t>(Kind::count);

enum class Subject : std::uint8_t {
    machine,
    store,  // of the partition that the slot maps to
    tab,    // in the slot, also when its page does not run
    page,   // in the slot, if its page runs
};

struct Properties {
    Kind kind;
    Subject subject;
    bool is_fault;
    std::uint32_t weight;  // how often it happens before the fault mix is applied, relative to the others
    std::string_view words;
};
[[nodiscard]] const Properties& properties_of(Kind kind);

struct Op {
    Kind kind{};
    std::uint32_t slot = 0;
    std::uint64_t draw = 0;  // seeds its random numbers
    std::string text = {};   // what is sent or stored instead of the simulator's own garbage (tests/fuzz)
};
using Schedule = std::vector<Op>;

}  // namespace lockstep::sim
