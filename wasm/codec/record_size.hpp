// The length of the longest record that keeps the bounds of PROTOCOL §4, asserted against what a store may hold.
#pragma once

#include <cstddef>
#include <string_view>

#include "wasm/core/limits.hpp"

namespace lockstep::codec {

// With every number at its bound and every name at its longest, and with each text empty.
inline constexpr std::string_view longest_active_form =
    R"({"format":1,"created":[1125899906842624,""],"updated":[1125899906842624,""],)"
    R"("lastEnd":1125899906842624,"subject":"","sessionId":"",)"
    R"("signedInAt":8640000000000000,"expiresAt":8640000000000000,"checkAt":8640000000000000,)"
    R"("activeAt":8640000000000000,"claims":,)"
    R"("duty":{"epoch":[1125899906842624,""],"state":"claimed","at":8640000000000000,"failures":1000},})";
inline constexpr std::string_view longest_ended_form =
    R"({"format":1,"created":[1125899906842624,""],"ended":{"reason":"expired","by":"","at":8640000000000000},)"
    R"("updated":[1125899906842624,""],"lastEnd":1125899906842624,"subject":"","sessionId":"",)"
    R"("signedInAt":8640000000000000,)"
    R"("expiresAt":8640000000000000,"activeAt":8640000000000000,)"
    R"("duty":{"epoch":[1125899906842624,""],"state":"claimed","at":8640000000000000,"failures":1000},})";

// JSON writes a control character, one byte in the record, as `\u0001`. `claims` and `unknown` are counted as written.
inline constexpr std::size_t escaped_bytes_max = 6;

// In bytes. A text has at most as many UTF-16 units.
inline constexpr std::size_t active_record_bytes_max =
    longest_active_form.size() + 3 * limits::writer_bytes_max +
    escaped_bytes_max * (limits::subject_bytes_max + limits::session_id_bytes_max) + limits::claims_bytes_max +
    limits::unknown_bytes_max;
inline constexpr std::size_t ended_record_bytes_max =
    longest_ended_form.size() + 3 * limits::writer_bytes_max +
    escaped_bytes_max * (limits::session_id_bytes_max + limits::origin_bytes_max) + limits::unknown_bytes_max;
static_assert(active_record_bytes_max <= limits::record_units_max && ended_record_bytes_max <= limits::record_units_max,
              "a record whose parts are within their bounds can always be stored and read");

}  // namespace lockstep::codec
