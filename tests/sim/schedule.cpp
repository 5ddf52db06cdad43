#include "tests/sim/schedule.hpp"

#include <array>

namespace lockstep::sim {
namespace {

using enum Kind;
using enum Subject;

constexpr std::array<Properties, kind_count> properties{{
    {open, machine, false, 30, "opens"},
    {close, tab, false, 6, "closes"},
    {login, page, false, 40, "logs in"},
    {logout, page, false, 30, "logs out"},
    {touch, page, false, 40, "gets user activity"},
    {app_wake, page, false, 6, "has its app send wake"},
    {hello_again, page, false, 8, "sends hello again"},
    {reload_hub, page, false, 4, "gets a new hub document"},
    {goodbye, page, false, 2, "sends goodbye"},
    {garbage, page, false, 3, "sends garbage"},
    {flood, page, false, 1, "sends a flood"},
    {stranger, page, false, 2, "gets a hello from another origin, or of another version"},
    {say_duties, page, false, 10, "has its app send its duties"},
    {ask_check, page, false, 14, "has its app ask for a check"},
    {answer_duty, page, false, 50, "has its app answer a duty"},
    {hide, page, false, 12, "is hidden, or shown again"},
    {revoke, page, false, 6, "has a session that the provider revokes"},
    {ask_scope, page, false, 6, "has its app request a wider scope"},
    {begin_login, page, false, 16, "begins a login"},

    {commit, tab, false, 160, "has the next write of its process reach the browser"},
    {apply, tab, false, 200, "has the next change reach its process"},
    {deliver, page, false, 200, "gets its next storage event"},
    {finish_tombstone, page, false, 40, "has its tombstone complete"},
    {answer_tombstone_read, page, false, 60, "gets the tombstone that it reads"},
    {fire_timer, page, false, 30, "has its timer fire"},
    {flush, store, false, 15, "reaches the disk"},
    {pass, machine, false, 60, "time passes"},
    {thaw, tab, false, 16, "is thawed"},
    {restore, tab, false, 16, "returns from the back-forward cache"},
    {late_put, store, false, 8, "completes a tombstone that its hub no longer waits for"},
    {answer_lock, page, false, 80, "gets the answer to its lock request"},
    {lose_lock, page, false, 40, "loses a stolen lock"},
    {answer_fetch, page, false, 40, "has its own check answered"},
    {answer_stream, page, false, 60, "has its stream opened or refused, if it is its turn"},
    {push, page, false, 60, "gets what the server pushes"},

    {crash, tab, true, 4, "crashes"},
    {kill, machine, true, 3, "the browser is killed"},
    {freeze, page, true, 8, "is frozen"},
    {cache, page, true, 8, "goes into the back-forward cache"},
    {flicker, tab, true, 12, "gets the event of a change before its view has it"},
    {repeat, page, true, 12, "gets a storage event that it will get again"},
    {early_timer, page, true, 8, "has its timer fire early"},
    {lose_timer, page, true, 4, "loses its timer"},
    {fail_tombstone_write, page, true, 8, "fails to write its tombstone"},
    {fail_tombstone_read, page, true, 6, "fails to read the tombstone"},
    {outlast_tombstone_write, page, true, 8, "stops waiting for its tombstone"},
    {jump, machine, true, 20, "the wall clock is set"},
    {quota, store, true, 8, "is full, or no longer"},
    {block, store, true, 10, "is blocked by the browser, or no longer"},
    {corrupt, store, true, 8, "gets garbage"},
    {remove, store, true, 6, "is cleared by another page"},
    {newer_format, store, true, 8, "is written by a hub of a later format, or that hub is rolled back"},
    {grant, page, true, 16, "gets the first-party store"},
    {deny, page, true, 8, "gets its partition only"},
    {lose_stream, page, true, 16, "loses its stream"},
}};

constexpr bool in_order() {
    for (std::size_t i = 0; i < kind_count; ++i) {
        if (properties[i].kind != static_cast<Kind>(i)) return false;
    }
    return true;
}
static_assert(in_order());

}  // namespace

const Properties& properties_of(Kind kind) { return properties[static_cast<std::size_t>(kind)]; }

}  // namespace lockstep::sim
