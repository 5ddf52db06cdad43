#include "tests/sim/witness.hpp"

#include <algorithm>
#include <tuple>

namespace lockstep::sim {
namespace {

[[nodiscard]] auto rank(const std::optional<Duty>& duty) {
    const Duty some = duty.value_or(Duty{});
    return std::tuple(duty.has_value(), some.epoch.revision, some.epoch.writer, some.state, some.at, some.failures);
}

// PROTOCOL §4, Merge: the members that decide, in order of weight.
[[nodiscard]] auto rank(const Record& record) {
    return std::tuple(record.born.revision, std::string_view(record.born.writer), record.ended.has_value(), record.version.revision,
                      std::string_view(record.version.writer));
}

[[nodiscard]] auto rest(const Record& record) {
    const End end = record.ended.value_or(End{});
    return std::tuple(end.reason, end.by, end.at, record.subject, record.session_id, record.signed_in_at, record.expires_at,
                      record.check_at, record.claims, record.unknown);
}

}  // namespace

Record joined(const Record& a, const Record& b) {
    const bool b_wins = rank(a) < rank(b) || (rank(a) == rank(b) && rest(a) < rest(b));
    Record winner = b_wins ? b : a;
    if (a.born != b.born) return winner;
    winner.active_at = std::max(a.active_at, b.active_at);
    if (is_active(a) == is_active(b)) winner.duty = rank(duty_in(a)) < rank(duty_in(b)) ? b.duty : a.duty;
    return winner;
}

void leave_port(Witness& witness) {
    witness.can_check = witness.can_end = witness.is_welcomed = false;
    witness.check_was_left = witness.check_was_left || !witness.checks.empty();
    witness.checks.clear();
}

void shown(Witness& witness, const Record& record) {
    witness.known = witness.known ? joined(*witness.known, record) : record;
    const auto duty = duty_in(record);
    const std::uint64_t claimed = duty ? duty->epoch.revision : 0;
    witness.revision_seen = std::max({witness.revision_seen, record.born.revision, record.version.revision, claimed});
    if (record.ended && !knows_end_of(witness, record.born)) witness.ended.push_back(record.born);
}

std::optional<Record> held(const Witness& witness) {
    if (!witness.known || !witness.own) return witness.known ? witness.known : witness.own;
    return joined(*witness.known, *witness.own);
}

bool knows_end_of(const Witness& witness, const Stamp& born) {
    return std::find(witness.ended.begin(), witness.ended.end(), born) != witness.ended.end();
}

}  // namespace lockstep::sim
