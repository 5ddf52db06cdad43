// The length of the longest record that keeps the bounds of PROTOCOL §4, asserted against what a store and a cookie may
// hold. A longer claim, text, name or form does not compile where it does not fit.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "wasm/codec/cookie_text.hpp"
#include "wasm/codec/names.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::codec {

// With every number at its bound, every text and every name empty, and a comma before the members of a newer hub.
inline constexpr std::string_view longest_active_form =
    R"({"format":1,"created":[1125899906842624,""],"updated":[1125899906842624,""],)"
    R"("lastEnd":1125899906842624,"subject":"","sessionId":"",)"
    R"("signedInAt":8640000000000000,"expiresAt":8640000000000000,"checkAt":8640000000000000,)"
    R"("activeAt":8640000000000000,"claims":{},)"
    R"("duty":{"epoch":[1125899906842624,""],"state":"","at":8640000000000000,"failures":1000},})";
inline constexpr std::string_view longest_ended_form =
    R"({"format":1,"created":[1125899906842624,""],"ended":{"reason":"","by":"","at":8640000000000000},)"
    R"("updated":[1125899906842624,""],"lastEnd":1125899906842624,"subject":"","sessionId":"",)"
    R"("signedInAt":8640000000000000,)"
    R"("expiresAt":8640000000000000,"activeAt":8640000000000000,)"
    R"("duty":{"epoch":[1125899906842624,""],"state":"","at":8640000000000000,"failures":1000},})";

// As in names.hpp, the first value without a name ends the enumeration.
template <class Enum>
[[nodiscard]] constexpr std::size_t longest_name_bytes() {
    std::size_t bytes = 0;
    for (int value = 0; !name_of(static_cast<Enum>(value)).empty(); ++value)
        bytes = std::max(bytes, name_of(static_cast<Enum>(value)).size());
    return bytes;
}
// What no text of an app fills, of which the claims' braces are in the form already.
inline constexpr std::size_t active_names_bytes = 3 * limits::writer_bytes_max + longest_name_bytes<DutyState>();
inline constexpr std::size_t ended_names_bytes = active_names_bytes + longest_name_bytes<EndReason>();
inline constexpr std::size_t claims_members_bytes_max = limits::claims_bytes_max - 2;

// JSON writes a control character, one byte in the record, as `\u0001`. `claims` and `unknown` are counted as written.
inline constexpr std::size_t escaped_bytes_max = 6;

// In bytes. A text has at most as many UTF-16 units.
inline constexpr std::size_t active_record_bytes_max =
    longest_active_form.size() + active_names_bytes +
    escaped_bytes_max * (limits::subject_bytes_max + limits::session_id_bytes_max) + claims_members_bytes_max +
    limits::unknown_bytes_max;
inline constexpr std::size_t ended_record_bytes_max =
    longest_ended_form.size() + ended_names_bytes +
    escaped_bytes_max * (limits::session_id_bytes_max + limits::origin_bytes_max) + limits::unknown_bytes_max;
static_assert(active_record_bytes_max <= limits::record_units_max && ended_record_bytes_max <= limits::record_units_max,
              "a record whose parts are within their bounds can always be stored and read");

// PROTOCOL §4.2: a cookie's name and value together. The name is `__Host-lockstep-`, at most thirty digits, and port
// and folder of the hub, of which js-glue/cli/config.ts allows so many characters, each in up to three bytes.
inline constexpr std::size_t cookie_bytes_max = 4'096;
inline constexpr std::size_t hub_path_max = 80;
inline constexpr std::size_t cookie_value_bytes_max = cookie_bytes_max - std::string_view("__Host-lockstep-").size() -
                                                      30 - 3 * (std::string_view(":65535").size() + hub_path_max);

// As a cookie has it: JSON escapes none of its characters, and no newer hub has added a member.
inline constexpr std::size_t active_cookie_bytes_max =
    cookie_text_bytes(abbreviated_bytes(longest_active_form) - 1 + active_names_bytes + limits::subject_bytes_max +
                      limits::session_id_bytes_max + claims_members_bytes_max);
inline constexpr std::size_t ended_cookie_bytes_max =
    cookie_text_bytes(abbreviated_bytes(longest_ended_form) - 1 + ended_names_bytes + limits::session_id_bytes_max +
                      limits::origin_bytes_max);
static_assert(active_cookie_bytes_max <= cookie_value_bytes_max && ended_cookie_bytes_max <= cookie_value_bytes_max,
              "K6.3: a cookie has room for what an app may log in with, and for every end");

}  // namespace lockstep::codec
