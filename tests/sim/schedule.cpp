#include "tests/sim/schedule.hpp"

#include <array>

namespace lockstep::sim {
namespace {

using enum Kind;
using enum Subject;

constexpr std::array<Nature, kind_count> natures{{
    {open, machine, false, 30, "opens"},
    {close, tab, false, 6, "closes"},
    {login, page, false, 40, "logs in"},
    {logout, page, false, 30, "logs out"},
    {touch, page, false, 40, "is touched"},
    {app_wake, page, false, 6, "has its app ask for a fresh look"},
    {hello_again, page, false, 8, "says hello again"},
    {reload_hub, page, false, 4, "gets a new hub document"},
    {goodbye, page, false, 2, "says goodbye"},
    {garbage, page, false, 3, "sends what is no message"},
    {flood, page, false, 1, "sends far too much"},
    {stranger, page, false, 2, "gets a hello from another origin, or of another version"},
    {say_duties, page, false, 10, "has its app say what it can do for all"},
    {ask_check, page, false, 14, "has its app ask for a check"},
    {answer_duty, page, false, 50, "has its app answer a duty"},
    {hide, page, false, 12, "is hidden, or shown again"},
    {revoke, page, false, 6, "shows a session that the provider revokes"},
    {ask_scope, page, false, 6, "has its app ask for a wider scope"},

    {commit, tab, false, 160, "has its process' next write taken by the browser"},
    {apply, tab, false, 200, "has the next change reach its process"},
    {deliver, page, false, 200, "hears its next storage event"},
    {finish_keep, page, false, 40, "has its end on disk"},
    {answer_tombstone, page, false, 60, "gets the tombstone it asked for"},
    {fire_timer, page, false, 30, "has its timer fire"},
    {flush, store, false, 15, "reaches the disk"},
    {pass, machine, false, 60, "time passes"},
    {thaw, tab, false, 16, "is thawed"},
    {restore, tab, false, 16, "returns from the back-forward cache"},
    {late_put, store, false, 8, "has an end on disk that its hub no longer waits for"},
    {answer_lock, page, false, 80, "is answered about the lock"},
    {lose_lock, page, false, 40, "hears that its lock was taken over"},
    {answer_fetch, page, false, 40, "has its own check answered"},
    {others_hear, page, false, 60, "has given the others time to hear"},

    {crash, tab, true, 4, "crashes"},
    {kill, machine, true, 3, "the browser is killed"},
    {freeze, page, true, 8, "is frozen"},
    {cache, page, true, 8, "goes into the back-forward cache"},
    {flicker, tab, true, 12, "is told of a change that its process cannot see yet"},
    {repeat, page, true, 12, "hears a storage event that it will hear again"},
    {early_timer, page, true, 8, "has its timer fire early"},
    {lose_timer, page, true, 4, "loses its timer"},
    {fail_keep, page, true, 8, "cannot keep its end"},
    {fail_tombstone, page, true, 6, "cannot read the tombstone"},
    {late_keep, page, true, 8, "waits no longer for its end to be on disk"},
    {jump, machine, true, 20, "the wall clock is set"},
    {quota, store, true, 8, "is full, or no longer"},
    {block, store, true, 10, "is refused by the browser, or no longer"},
    {corrupt, store, true, 8, "holds garbage"},
    {remove, store, true, 6, "is cleared by somebody"},
    {newer_format, store, true, 8, "is written by a hub of a later format, or that hub is rolled back"},
    {grant, page, true, 16, "is given the first party's store"},
    {deny, page, true, 8, "is given a part of the storage and no more"},
}};

constexpr bool in_order() {
    for (std::size_t i = 0; i < kind_count; ++i) {
        if (natures[i].kind != static_cast<Kind>(i)) return false;
    }
    return true;
}
static_assert(in_order());

}  // namespace

const Nature& nature_of(Kind kind) { return natures[static_cast<std::size_t>(kind)]; }

}  // namespace lockstep::sim
