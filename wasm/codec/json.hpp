// JSON text into a small immutable tree. Total: every byte sequence gives a tree or nothing, within bounds that are
// checked while reading. It decides nothing about meaning, and never rounds: what is not a 64-bit integer keeps its
// text.
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

// A number that is no 64-bit integer, as it was written: `1.50`, `1e3`, `-0`, 2^63. Finite as a JavaScript number.
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

// What was read, and what a reader may hold against it.
struct Document {
    Value root;              // of an incomplete text: what stood before the fault
    std::size_t depth = 0;   // of the deepest array or object; the outermost is 1
    bool duplicate = false;  // some object names a member twice
    bool complete = false;
};

// A text is complete when it is JSON in UTF-8 (RFC 8259, without a byte order mark or NUL byte), nests no deeper than
// `nesting_max` and holds no number beyond a JavaScript number's range. PROTOCOL §4: a later record may nest that deep.
inline constexpr std::size_t nesting_max = 64;
[[nodiscard]] Document parse(std::string_view text);

// PROTOCOL §2: complete, no member named twice, not nested too deep.
[[nodiscard]] inline bool is_strict(const Document& document) {
    return document.complete && !document.duplicate && document.depth <= limits::json_depth_max;
}

// The length JavaScript gives the text. Bytes that are not UTF-8 count too, so the result bounds any text.
[[nodiscard]] std::size_t utf16_units(std::string_view text);

// The value when it is there and of this type.
template <class T>
[[nodiscard]] const T* get(const Value* value) {
    return value == nullptr ? nullptr : std::get_if<T>(&value->data);
}

// An optional member: not there, or of this type.
template <class T>
[[nodiscard]] bool is_absent_or(const Value* value) {
    return value == nullptr || get<T>(value) != nullptr;
}

// A member's name in the source text: its length is counted when that is compiled, and it needs no escape.
struct Name {
    std::string_view text;
    consteval Name(const char* literal)
        : text(literal) {}  // NOLINT(google-explicit-constructor): it stands for the literal
};

// Reads an object's members by name and remembers how many were asked for, so that nothing unknown slips through.
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
