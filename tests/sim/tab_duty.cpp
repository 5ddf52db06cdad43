// A tab's part in duties (R6, R7): what its app says of them, the lock, the hub's own check, and the page's going and
// hiding. What the hub asks for is checked and noted by the reference before it is performed.
#include <algorithm>
#include <utility>

#include "tests/sim/tab.hpp"

namespace lockstep::sim {

// What is refused for its speed would leave the reference in doubt about what the hub believes.
bool Tab::is_heard() const { return app_.port != 0 && state().rate_limiter.tokens > 0; }

bool Tab::says_duties(Prng& chance) {
    if (!is_heard()) return false;
    if (chance.one_in(4)) app_.skill = {chance.one_in(2), chance.one_in(2)};
    return says_duties(app_.skill);
}

bool Tab::says_duties(const Skill& skill) {
    if (!is_heard()) return false;
    speaks_out();
    reference_.can_check = skill.check && app_.place->may_login && app_.place->may_logout;
    reference_.can_end = skill.end && app_.place->may_logout;
    return say(duties_text(skill));
}

bool Tab::asks_for_check() {
    if (app_.port == 0) return false;
    const std::string text = check_text(app_);
    reference_.checks.push_back(asked_now(reference_, app_.id_last, machine_.wall_ms));
    return say(text);
}

bool Tab::answer_duty(Prng& chance) {
    if (app_.works.empty() || app_.port == 0) return false;
    const auto at = chance.below(static_cast<std::uint32_t>(app_.works.size()));
    const Work work = app_.works[at];
    if (!chance.one_in(6)) app_.works.erase(app_.works.begin() + at);  // or it is answered again
    return say_outcome(work, outcome_text(work, provider_, chance, machine_.wall_ms));
}

bool Tab::answer_duty_truly(Prng& chance) {
    if (app_.works.empty() || app_.port == 0) return false;
    const Work work = app_.works.front();
    app_.works.pop_front();
    return say_outcome(work, true_outcome_text(work, provider_, chance, machine_.wall_ms));
}

bool Tab::say_outcome(const Work& work, const OutcomeText& outcome) {
    auto& call = reference_.call;
    const bool is_awaited = call && call->runs && call->id == work.call && call->port == work.port;
    if (is_awaited)
        call->said.push_back(outcome.outcome.value_or(Outcome::unknown));  // garbage may be taken for a failure
    if (std::ostream* out = story()) *out << " says on port " << work.port << ' ' << outcome.text << '\n';
    return input([&] { hub_->message(work.port, outcome.text); });
}

bool Tab::answer_fetch(Prng& chance) {
    if (fetches_.empty()) return false;
    const CallId id = fetches_.front();
    fetches_.pop_front();
    const auto known = held(reference_);
    const auto session = known ? std::optional(known->created) : std::nullopt;
    const FetchedText fetched =
        fetched_text(provider_.answer(DutyKind::check, session, chance, machine_.wall_ms), chance);
    if (reference_.call && reference_.call->runs && reference_.call->id == id)
        reference_.call->said.push_back(fetched.outcome);
    if (std::ostream* out = story()) *out << " fetched " << fetched.text.value_or("nothing") << '\n';
    return input([&] { hub_->check_fetched(id, fetched.text); });
}

void Tab::note_call(PortId port, CallId id, DutyKind duty) {
    Call call{port, id, duty, {}, {}, machine_.wall_ms, {}};
    note_own();  // where the store takes nothing, the hub's memory is all there is
    const std::optional<Record> claimed = held(reference_);
    machine_.complain(check_call(reference_, call, claimed));
    const auto claim = claimed ? duty_in(*claimed) : std::nullopt;
    if (!claim) return;
    call.created = claimed->created;
    call.epoch = claim->epoch;
    reference_.epochs_begun.push_back(call.epoch);
    reference_.call = std::move(call);
}

// The call is over with the outcome of its claim, with a new claim, and with its session's end.
void Tab::note_conclusion(const Record& record) {
    auto& call = reference_.call;
    if (!call) return;
    const auto duty = duty_in(record);
    const bool is_same = record.created == call->created && is_active(record) == (call->duty == DutyKind::check);
    const bool goes_on = is_same && duty && duty->epoch == call->epoch && duty->state == DutyState::claimed;
    if (goes_on) return;
    call->is_concluded = true;
    call->runs = false;
}

void Tab::ask_lock(bool steal) {
    count_effect();
    if (std::ostream* out = story()) *out << (steal ? " takes the lock over\n" : " asks for the lock\n");
    note_own();
    machine_.complain(check_lock_request(reference_, steal, machine_.wall_ms));
    locks_asked_.push_back({store_, store_->locks.ask(), steal});
}

bool Tab::answer_lock() {
    if (locks_asked_.empty()) return false;
    const LockAsked asked = locks_asked_.front();
    locks_asked_.pop_front();
    LockAnswer answer = LockAnswer::missing;
    Locks& locks = asked.store->locks;
    reference_.lock_is_missing = locks.missing;
    if (!locks.missing) {
        const bool is_granted = locks.grant(asked.request, asked.steals);
        answer = is_granted ? LockAnswer::granted : LockAnswer::busy;
        if (is_granted) lock_held_ = asked.request;
        if (is_granted) lock_store_ = asked.store;
        reference_.has_lock = lock_held_ != 0;
    }
    if (std::ostream* out = story())
        *out << (answer == LockAnswer::granted ? " gets the lock\n" : " does not get the lock\n");
    return input([&] { hub_->lock_answered(answer); });
}

bool Tab::lose_lock() {
    if (lock_held_ == 0 || lock_store_->locks.is_held_by(lock_held_)) return false;
    speaks_out();
    if (std::exchange(lock_held_, 0) == 0) return true;  // it has just been released
    reference_.has_lock = false;
    return input([&] { hub_->lock_lost(); });
}

void Tab::release_lock() {
    count_effect();
    if (std::ostream* out = story()) *out << " releases the lock\n";
    if (lock_held_ == 0) machine_.complain("R6: a lock is released that the hub does not hold");
    if (lock_store_ != nullptr) lock_store_->locks.release(std::exchange(lock_held_, 0));
    reference_.has_lock = false;
}

void Tab::fetch_check(CallId call, const std::string& url) {
    count_effect();
    if (url != check_address) machine_.complain("R6: a check is fetched from another address than the configured one");
    note_call(0, call, DutyKind::check);
    fetches_.push_back(call);
}

void Tab::cancel_check(CallId call) {
    count_effect();
    machine_.complain(check_cancel(reference_, 0, call));
    if (reference_.call) reference_.call->runs = false;
    std::erase(fetches_, call);
}

bool Tab::let_others_hear() {
    if (!visible_ || life != Life::running || birth_.patient_in == 0 || !whims_.one_in(birth_.patient_in)) return false;
    others_are_hearing_ = true;
    return true;
}

bool Tab::others_hear() {
    if (!std::exchange(others_are_hearing_, false)) return false;
    return input([&] { hub_->others_heard(); });
}

// What follows from a write is said to the app as it was then.
void Tab::speaks_out() {
    while (others_hear()) {
    }
}

bool Tab::toggle_visible() {
    visible_ = !visible_;
    speaks_out();  // bridge-html/host.ts: nothing waits in a hidden page
    return input([&] { hub_->visibility_changed(visible_); });
}

bool Tab::is_revoked() {
    if (!app_.told || !app_.told->session) return false;
    provider_.revoke(*app_.told->session);
    return true;
}

void Tab::leaves() {
    if (life != Life::running) return;
    speaks_out();
    input([&] { hub_->leaving(); });
    if (lock_held_ != 0) machine_.complain("R6: a lock is held across pagehide");
    if (!fetches_.empty()) machine_.complain("R6: a check is under way across pagehide");
}

// What the browser keeps for a document dies with it.
void Tab::drop_browser_side() {
    if (lock_store_ != nullptr) lock_store_->locks.release(std::exchange(lock_held_, 0));
    locks_asked_.clear();
    fetches_.clear();
    others_are_hearing_ = false;
}

// What holds whenever a hub rests.
void Tab::check_duty_after_input() {
    for (CheckAsked& check : reference_.checks) check.asked_at = std::min(check.asked_at, machine_.wall_ms);
    auto& call = reference_.call;
    const bool is_alone = reference_.blocked || reference_.refused;
    if (call && is_alone && state().record) note_conclusion(*state().record);  // nobody but the hub tells
    // While the record is a newer hub's nothing is concluded: an answer ends the call, and its claim ends by itself.
    if (call && reference_.newer && !call->said.empty()) call->runs = false;
    if (state().writing) return;
    if (lock_held_ != 0 && !(call && call->runs)) machine_.complain("R6: a lock is held when the duty is over");
}

}  // namespace lockstep::sim
