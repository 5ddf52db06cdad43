// Parses JSON text into a small immutable tree. It accepts any bytes and fails as a value; its bounds are checked while
// it reads. It knows nothing of the protocol, and it never rounds: a number that is no 64-bit integer keeps its text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "wasm/core/limits.hpp"

namespace lockstep::codec {

struct Null {
    bool operator==(const Null&) const = default;
};

// A number that is no 64-bit integer, as it was written: `1.50`, `1e3`, `-0`, 2^63. As a JavaScript number it is
// finite.
struct Number {
    std::string text;
    bool operator==(const Number&) const = default;
};

struct Value;
struct Member;
using Array = std::vector<Value>;
using Object = std::vector<Member>;  // in the order written

struct Value {
    std::variant<Null, bool, std::int64_t, Number, std::string, Array, Object> data;
    bool operator==(const Value&) const = default;
};

struct Member {
    std::string name;
    Value value;
    bool operator==(const Member&) const = default;
};

// The result of parsing, with what a caller may refuse it for.
struct Document {
    Value root;              // of an incomplete text: the part before the fault
    std::size_t depth = 0;   // of the deepest array or object; the outermost is 1
    bool duplicate = false;  // some object has two members of one name
    bool complete = false;
};

// A text is complete when it is JSON in UTF-8 (RFC 8259, without a byte order mark or NUL byte), nests no deeper than
// `nesting_max`, and contains no number beyond the range of a JavaScript number. PROTOCOL §4 lets a later record format
// nest that deep.
inline constexpr std::size_t nesting_max = 64;
[[nodiscard]] Document parse(std::string_view text);

// PROTOCOL §2: complete, without duplicate members, and not nested too deep.
[[nodiscard]] inline bool is_strict(const Document& document) {
    return document.complete && !document.duplicate && document.depth <= limits::json_depth_max;
}

// The length of the text as JavaScript counts it. Bytes that are not UTF-8 count too, so the result bounds any text.
[[nodiscard]] std::size_t utf16_units(std::string_view text);

// The value, if it is present and of this type.
template <class T>
[[nodiscard]] const T* get(const Value* value) {
    return value == nullptr ? nullptr : std::get_if<T>(&value->data);
}

// For an optional member: absent, or of this type.
template <class T>
[[nodiscard]] bool is_absent_or(const Value* value) {
    return value == nullptr || get<T>(value) != nullptr;
}

// The name of a member as a literal in our source: its length is known to the compiler, and it needs no escapes.
struct Name {
    std::string_view text;
    consteval Name(const char* literal) : text(literal) {}  // implicit, so that a call reads like one with a literal
};

// Finds the members of an object by name and counts those it found, so that a caller can refuse unknown members.
class Members {
public:
    explicit Members(const Object& object) : object_(object) {}

    [[nodiscard]] const Value* take(Name name) {
        for (const Member& member : object_) {
            if (member.name == name.text) {
                ++taken_;
                return &member.value;
            }
        }
        return nullptr;
    }
    [[nodiscard]] bool all_taken() const { return taken_ == object_.size(); }

private:
    const Object& object_;
    std::size_t taken_ = 0;
};

}  // namespace lockstep::codec
