// What happens in a simulated run, one thing after another. An op carries all the chance it needs, so a schedule can be
// replayed without its seed, and any part of it can be left out: that is how a failing run is made short.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace lockstep::sim {

// In the order of the table in schedule.cpp, which says what each is.
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
    // the browser at work
    commit,
    apply,
    deliver,
    finish_keep,
    answer_tombstone,
    fire_timer,
    flush,
    pass,
    thaw,
    restore,
    late_put,
    answer_lock,
    lose_lock,
    answer_fetch,
    others_hear,
    // what goes wrong
    crash,
    kill,
    freeze,
    cache,
    flicker,
    repeat,
    early_timer,
    lose_timer,
    fail_keep,
    fail_tombstone,
    late_keep,
    jump,
    quota,
    block,
    corrupt,
    remove,
    newer_format,
    grant,
    deny,
    count,
};

inline constexpr std::size_t kind_count = static_cast<std::size_t>(Kind::count);

enum class Subject : std::uint8_t {
    machine,
    store,  // of the partition that the slot counts to
    tab,    // in the slot, whatever state its page is in
    page,   // in the slot, and running
};

struct Nature {
    Kind kind;
    Subject subject;
    bool is_fault;
    std::uint32_t weight;  // how often it happens in fair fault_mix, relative to the others
    std::string_view words;
};
[[nodiscard]] const Nature& nature_of(Kind kind);

struct Op {
    Kind kind{};
    std::uint32_t slot = 0;
    std::uint64_t draw = 0;  // the chance inside it
};
using Schedule = std::vector<Op>;

}  // namespace lockstep::sim
