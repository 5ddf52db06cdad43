// Calls into the browser that may throw. A JavaScript exception would run through C++ frames without unwinding them and leave
// the hub half-changed, so each such call is caught on the JavaScript side and comes back as nothing.
#pragma once

#include <emscripten/val.h>

#include <optional>

namespace lockstep::browser {

// object[name], or nothing when the getter throws (localStorage with storage blocked: SecurityError).
[[nodiscard]] std::optional<emscripten::val> guarded_get(const emscripten::val& object, const char* name);

// object[name](...arguments), or nothing when it throws (setItem over quota). `arguments` is a JavaScript array.
[[nodiscard]] std::optional<emscripten::val> guarded_call(const emscripten::val& object, const char* name,
                                                          const emscripten::val& arguments);

}  // namespace lockstep::browser
