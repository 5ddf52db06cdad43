// The duties of a tab (R6, R7): its app's messages about them, the lock, the hub's own check, pagehide and visibility.
// Every call of the hub is checked and noted in the reference model before it is performed.
#include <algorithm>
#include <utility>

#include "tests/sim/tab.hpp"

namespace lockstep::sim {

// If the rate limit refused it, the reference model could not know which duties the hub believes in.
bool Tab::has_rate_token() const { return app_.port != 0 && state().rate_limiter.tokens > 0; }

bool Tab::send_duties(Prng& chance) {
    if (!has_rate_token()) return false;
    if (chance.one_in(4)) app_.abilities = {chance.one_in(2), chance.one_in(2)};
    return send_duties(app_.abilities);
}

bool Tab::send_duties(const Abilities& abilities) {
    if (!has_rate_token()) return false;
    reference_.can_check = abilities.check && app_.place->may_login && app_.place->may_logout;
    reference_.can_end = abilities.end && app_.place->may_logout;
    return send_to_hub(duties_text(abilities));
}

bool Tab::send_check() {
    if (app_.port == 0) return false;
    const std::string text = check_text(app_);
    reference_.checks.push_back(asked_now(reference_, app_.id_last, machine_.wall_ms));
    return send_to_hub(text);
}

bool Tab::answer_duty(Prng& chance) {
    if (app_.given_duties.empty() || app_.port == 0) return false;
    const auto at = chance.below(static_cast<std::uint32_t>(app_.given_duties.size()));
    const GivenDuty given = app_.given_duties[at];
    if (!chance.one_in(6)) app_.given_duties.erase(app_.given_duties.begin() + at);  // or it is answered once more
    return send_outcome(given, outcome_text(given, provider_, chance, machine_.wall_ms));
}

bool Tab::answer_duty_truly(Prng& chance) {
    if (app_.given_duties.empty() || app_.port == 0) return false;
    const GivenDuty given = app_.given_duties.front();
    app_.given_duties.pop_front();
    return send_outcome(given, true_outcome_text(given, provider_, chance, machine_.wall_ms));
}

bool Tab::send_outcome(const GivenDuty& given, const OutcomeText& outcome) {
    auto& call = reference_.call;
    const bool is_awaited = call && call->runs && call->id == given.call && call->port == given.port;
    if (is_awaited) call->said.push_back(outcome.outcome.value_or(Outcome::unknown));  // garbage counts as a failure
    if (std::ostream* out = trace()) *out << " sends on port " << given.port << ' ' << outcome.text << '\n';
    return input([&] { hub_->message(given.port, outcome.text); });
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
    if (std::ostream* out = trace()) *out << " fetched " << fetched.text.value_or("nothing") << '\n';
    return input([&] { hub_->check_fetched(id, fetched.text); });
}

void Tab::note_call(PortId port, CallId id, DutyKind duty) {
    Call call{port, id, duty, {}, {}, machine_.wall_ms, {}};
    note_own();  // where the store refuses, only the hub's memory has the claim
    const std::optional<Record> claimed = held(reference_);
    machine_.report(check_call(reference_, call, claimed));
    const auto claim = claimed ? duty_in(*claimed) : std::nullopt;
    if (!claim) return;
    call.created = claimed->created;
    call.epoch = claim->epoch;
    reference_.epochs_begun.push_back(call.epoch);
    reference_.call = std::move(call);
}

// A call ends with the outcome of its claim, with a new claim, and with the end of its session.
void Tab::note_conclusion(const Record& record) {
    auto& call = reference_.call;
    if (!call) return;
    const auto duty = duty_in(record);
    const bool is_same = record.created == call->created && is_active(record) == (call->duty == DutyKind::check);
    const bool continues = is_same && duty && duty->epoch == call->epoch && duty->state == DutyState::claimed;
    if (continues) return;
    call->is_concluded = true;
    call->runs = false;
}

void Tab::request_lock() { request_lock(false); }

void Tab::steal_lock() { request_lock(true); }

void Tab::request_lock(bool steal) {
    count_effect();
    if (std::ostream* out = trace()) *out << (steal ? " steals the lock\n" : " requests the lock\n");
    note_own();
    machine_.report(check_lock_request(reference_, steal, machine_.wall_ms));
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
    if (std::ostream* out = trace())
        *out << (answer == LockAnswer::granted ? " gets the lock\n" : " does not get the lock\n");
    return input([&] { hub_->lock_answered(answer); });
}

bool Tab::lose_lock() {
    if (lock_held_ == 0 || lock_store_->locks.is_held_by(lock_held_)) return false;
    if (std::exchange(lock_held_, 0) == 0) return true;  // it has just been released
    reference_.has_lock = false;
    return input([&] { hub_->lock_lost(); });
}

void Tab::release_lock() {
    count_effect();
    if (std::ostream* out = trace()) *out << " releases the lock\n";
    if (lock_held_ == 0) machine_.report("R6: a lock is released that the hub does not hold");
    if (lock_store_ != nullptr) lock_store_->locks.release(std::exchange(lock_held_, 0));
    reference_.has_lock = false;
}

void Tab::fetch_check(CallId call, const std::string& url) {
    count_effect();
    if (url != check_address) machine_.report("R6: a check is fetched from another URL than the configured one");
    note_call(0, call, DutyKind::check);
    fetches_.push_back(call);
}

void Tab::cancel_check(CallId call) {
    count_effect();
    machine_.report(check_cancel(reference_, 0, call));
    if (reference_.call) reference_.call->runs = false;
    std::erase(fetches_, call);
}

bool Tab::toggle_visible() {
    visible_ = !visible_;
    return input([&] { hub_->visibility_changed(visible_); });
}

bool Tab::revoke_session() {
    if (!app_.received || !app_.received->session) return false;
    provider_.revoke(*app_.received->session);
    return true;
}

void Tab::pagehide() {
    if (life != Life::running) return;
    reference_.has_left = true;
    input([&] { hub_->leaving(); });
    if (lock_held_ != 0) machine_.report("R6: a lock is held across pagehide");
    if (!fetches_.empty()) machine_.report("R6: a check runs across pagehide");
    if (stream_) machine_.report("R10: a stream is held across pagehide");
}

// What the browser holds for a document ends with it.
void Tab::drop_browser_side() {
    if (lock_store_ != nullptr) lock_store_->locks.release(std::exchange(lock_held_, 0));
    locks_asked_.clear();
    fetches_.clear();
    stream_.reset();
    streams_before_.clear();
    leave_stream_lock();
}

// The checks after every input.
void Tab::check_duty_after_input() {
    for (CheckAsked& check : reference_.checks) check.asked_at = std::min(check.asked_at, machine_.wall_ms);
    auto& call = reference_.call;
    const bool is_alone = reference_.blocked || reference_.refused;
    if (call && is_alone && state().record) note_conclusion(*state().record);  // only the hub's memory has the outcome
    // While the record has a newer format nothing is concluded: an answer ends the call, and the claim expires.
    if (call && reference_.newer && !call->said.empty()) call->runs = false;
    if (state().writing) return;
    if (lock_held_ != 0 && !(call && call->runs)) machine_.report("R6: a lock is held after the duty");
}

// Whoever was signed in when the browser was closed is asked after once, unless somebody has asked, or is about to.
void Tab::check_browser_start() {
    if (state().writing) return;
    const auto found = std::exchange(unasked_session_, std::nullopt);
    const auto& record = state().record;
    if (reference_.newer || !found || !record || !is_active(*record) || record->created != *found) return;
    if (reference_.times.ends_with_browser) return machine_.report("R4: a session outlives the browser");
    const auto duty = duty_in(*record);
    const bool is_fresh = duty && duty->at + limits::check_fresh_ms > machine_.wall_ms && duty->at <= machine_.wall_ms;
    const bool is_claimed = duty && duty->state == DutyState::claimed && duty->at > machine_.wall_ms;
    const bool is_due = duty && (duty->state == DutyState::wanted || duty->state == DutyState::unknown);
    if (!is_fresh && !is_claimed && !is_due) machine_.report("R6: nobody is asked to check when the browser starts");
}

}  // namespace lockstep::sim
