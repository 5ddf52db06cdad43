#include "wasm/browser/guarded.hpp"

#include <emscripten.h>

// Each returns 0 when it threw; no live handle is 0.
// clang-format off
EM_JS(emscripten::EM_VAL, lockstep_guarded_get, (emscripten::EM_VAL object, const char* name), {
    try {
        return Emval.toHandle(Emval.toValue(object)[UTF8ToString(name)]);
    } catch (_) {
        return 0;
    }
});
EM_JS(emscripten::EM_VAL, lockstep_guarded_call, (emscripten::EM_VAL object, const char* name, emscripten::EM_VAL list), {
    try {
        return Emval.toHandle(Emval.toValue(object)[UTF8ToString(name)](...Emval.toValue(list)));
    } catch (_) {
        return 0;
    }
});
// clang-format on

namespace lockstep::browser {
namespace {

std::optional<emscripten::val> taken(emscripten::EM_VAL result) {
    if (result == nullptr) return std::nullopt;
    return emscripten::val::take_ownership(result);
}

}  // namespace

std::optional<emscripten::val> guarded_get(const emscripten::val& object, const char* name) {
    return taken(lockstep_guarded_get(object.as_handle(), name));
}

std::optional<emscripten::val> guarded_call(const emscripten::val& object, const char* name, const emscripten::val& arguments) {
    return taken(lockstep_guarded_call(object.as_handle(), name, arguments.as_handle()));
}

}  // namespace lockstep::browser
