// The escapes are those JSON.stringify uses, so that both languages write a string alike.
#include "wasm/codec/json_writer.hpp"

#include "wasm/codec/digits.hpp"

namespace lockstep::codec {
namespace {

// The letter after the backslash, or NUL where there is no short escape.
char short_escape(char c) {
    switch (c) {
        case '"': return '"';
        case '\\': return '\\';
        case '\b': return 'b';
        case '\f': return 'f';
        case '\n': return 'n';
        case '\r': return 'r';
        case '\t': return 't';
        default: return '\0';
    }
}

void write_array(std::string& out, const Array& array) {
    out += '[';
    for (const Value& value : array) {
        if (&value != &array.front()) out += ',';
        write(out, value);
    }
    out += ']';
}

void write_object(std::string& out, const Object& object) {
    ObjectWriter writer(out);
    for (const Member& member : object) write(writer.member(member.name), member.value);
    writer.close();
}

}  // namespace

void write(std::string& out, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        if (const char escape = short_escape(c)) {
            out += '\\';
            out += escape;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += "\\u00";
            out += hex[static_cast<unsigned char>(c) >> 4U];
            out += hex[static_cast<unsigned char>(c) & 0xFU];
        } else {
            out += c;
        }
    }
    out += '"';
}

void write_integer(std::string& out, std::int64_t value) {
    const auto magnitude = static_cast<std::uint64_t>(value);
    if (value < 0) out += '-';
    append_decimal(out, value < 0 ? 0 - magnitude : magnitude);
}

// Recursion is bounded by the depth a text was parsed with.
void write(std::string& out, const Value& value) {
    if (const bool* boolean = get<bool>(&value)) {
        out += *boolean ? "true" : "false";
    } else if (const std::int64_t* integer = get<std::int64_t>(&value)) {
        write_integer(out, *integer);
    } else if (const Number* number = get<Number>(&value)) {
        out += number->text;
    } else if (const std::string* text = get<std::string>(&value)) {
        write(out, *text);
    } else if (const Array* array = get<Array>(&value)) {
        write_array(out, *array);
    } else if (const Object* object = get<Object>(&value)) {
        write_object(out, *object);
    } else {
        out += "null";
    }
}

}  // namespace lockstep::codec
