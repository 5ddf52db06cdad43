#include "tests/sim/witness.hpp"

#include <algorithm>
#include <tuple>

namespace lockstep::sim {
namespace {

// PROTOCOL §4, Merge: the members that decide, in order of weight.
[[nodiscard]] auto rank(const Record& record) {
    return std::tuple(record.born.revision, std::string_view(record.born.writer), record.ended.has_value(), record.version.revision,
                      std::string_view(record.version.writer));
}

[[nodiscard]] auto rest(const Record& record) {
    const End end = record.ended.value_or(End{});
    return std::tuple(end.reason, end.by, end.at, record.subject, record.session_id, record.signed_in_at, record.expires_at, record.claims,
                      record.unknown);
}

}  // namespace

Record joined(const Record& a, const Record& b) {
    const bool b_wins = rank(a) < rank(b) || (rank(a) == rank(b) && rest(a) < rest(b));
    Record winner = b_wins ? b : a;
    if (a.born == b.born) winner.active_at = std::max(a.active_at, b.active_at);
    return winner;
}

void shown(Witness& witness, const Record& record) {
    witness.known = witness.known ? joined(*witness.known, record) : record;
    witness.revision_seen = std::max({witness.revision_seen, record.born.revision, record.version.revision});
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
