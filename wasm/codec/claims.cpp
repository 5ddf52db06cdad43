// Each question visits the whole tree, which is as small as the message it came from.
#include "wasm/codec/claims.hpp"

#include <algorithm>

#include "wasm/codec/json_writer.hpp"
#include "wasm/codec/secrets.hpp"

namespace lockstep::codec {
namespace {

// True if `matches` holds for the value or for some value in it. The depth of the parsed text bounds the recursion.
template <class Matches>
[[nodiscard]] bool any_of(const Value& value, const Matches& matches) {
    if (matches(value)) return true;
    if (const auto* array = get<Array>(&value)) {
        return std::any_of(array->begin(), array->end(),
                           [&](const Value& element) { return any_of(element, matches); });
    }
    if (const auto* object = get<Object>(&value)) {
        return std::any_of(object->begin(), object->end(),
                           [&](const Member& member) { return any_of(member.value, matches); });
    }
    return false;
}

template <class Matches>
[[nodiscard]] bool any_name_of(const Value& value, const Matches& matches) {
    const auto* object = get<Object>(&value);
    return object != nullptr &&
           std::any_of(object->begin(), object->end(), [&](const Member& member) { return matches(member.name); });
}

[[nodiscard]] bool is_prototype_name(const std::string& name) {
    return name == "__proto__" || name == "constructor" || name == "prototype";
}

}  // namespace

std::optional<std::string> canonical_claims(const Value& value) {
    if (get<Object>(&value) == nullptr) return std::nullopt;
    if (any_of(value, [](const Value& part) { return any_name_of(part, is_prototype_name); })) return std::nullopt;
    std::string text;
    write(text, value);
    return text;
}

bool holds_secret(const Value& value) {
    return any_of(value, [](const Value& part) {
        const auto* text = get<std::string>(&part);
        if (text != nullptr && looks_like_token(*text)) return true;
        return any_name_of(part,
                           [](const std::string& name) { return is_credential_name(name) || looks_like_token(name); });
    });
}

}  // namespace lockstep::codec
