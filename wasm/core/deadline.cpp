#include "wasm/core/deadline.hpp"

#include <algorithm>

namespace lockstep {
namespace {

[[nodiscard]] std::optional<EpochMs> earlier_time(std::optional<EpochMs> a, std::optional<EpochMs> b) {
    return a && b ? std::min(*a, *b) : (a ? a : b);
}

[[nodiscard]] std::optional<EpochMs> lifetime_end(const State& state, const Record& record) {
    const auto lifetime = state.config.times.lifetime_max_ms;
    return lifetime ? std::optional(record.signed_in_at + *lifetime) : std::nullopt;
}

}  // namespace

std::optional<Deadline> earlier_of(std::optional<Deadline> a, std::optional<Deadline> b) {
    if (!a) return b;
    if (!b) return a;
    return b->at < a->at ? b : a;
}

std::optional<EpochMs> expires_at(const State& state, const Record& record) {
    return earlier_time(record.expires_at, lifetime_end(state, record));
}

std::optional<EpochMs> idle_at(const State& state, const Record& record) {
    const auto timeout = state.config.times.idle_timeout_ms;
    if (!timeout) return std::nullopt;
    return record.active_at + *timeout;
}

std::optional<EpochMs> idle_warning_at(const State& state, const Record& record) {
    const auto at = idle_at(state, record);
    if (!at || state.config.times.idle_warning_ms <= 0) return std::nullopt;
    return *at - state.config.times.idle_warning_ms;
}

std::optional<EpochMs> next_check_at(const State& state, const Record& record, EpochMs now) {
    const auto before_ms = state.config.times.check_before_expiry_ms;
    if (!before_ms || !record.expires_at || *record.expires_at <= now) return std::nullopt;
    return *record.expires_at - std::min(*before_ms, (*record.expires_at - now) / 2);
}

bool waits_for_check(const State& state, const Record& record) {
    return record.check_at && record.expires_at && expires_at(state, record) == record.expires_at;
}

bool is_overdue(const State& state, const Record& record) {
    return state.overdue && state.overdue->created == record.created && state.overdue->expires_at == record.expires_at;
}

std::optional<Deadline> end_of(const State& state, const Record& record) {
    std::optional<Deadline> expiry;
    std::optional<Deadline> idle;
    if (const auto at = expires_at(state, record)) expiry = Deadline{*at, WakeReason::expiry};
    if (expiry && waits_for_check(state, record) && is_overdue(state, record))
        expiry->at = *earlier_time(state.overdue->since + limits::expiry_wait_ms, lifetime_end(state, record));
    if (const auto at = idle_at(state, record)) idle = Deadline{*at, WakeReason::idle_end};
    return earlier_of(expiry, idle);
}

bool is_in_future(EpochMs at, EpochMs now) { return at > now + limits::clock_ahead_ms_max; }

bool has_future_time(const Record& record, EpochMs now) {
    return is_in_future(record.signed_in_at, now) || is_in_future(record.active_at, now);
}

const Record* active_record(const State& state) {
    if (state.outdated) return nullptr;
    return state.record && is_active(*state.record) ? &*state.record : nullptr;
}

bool has_passed_end(const State& state, EpochMs now) {
    const Record* record = active_record(state);
    if (record == nullptr) return false;
    const auto end = end_of(state, *record);
    return end && now >= end->at;
}

bool warns_of_idle_end(const State& state, EpochMs now) {
    const Record* record = active_record(state);
    if (record == nullptr) return false;
    const auto warning_at = idle_warning_at(state, *record);
    return warning_at && now >= *warning_at;
}

}  // namespace lockstep
