// The escapes are those of JSON.stringify, so that both languages write the same text for a string.
#include "wasm/codec/json_writer.hpp"

#include "wasm/codec/digits.hpp"

namespace lockstep::codec {
namespace {

// The letter after the backslash; NUL if there is no short escape.
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
    out += '{';
    for (const Member& member : object) {
        if (&member != &object.front()) out += ',';
        write_member(out, member);
    }
    out += '}';
}

}  // namespace

// Characters without an escape are appended in one piece: one call for each character took longer than the whole
// decision about a change.
void write(std::string& out, std::string_view text) {
    constexpr std::string_view hex = "0123456789abcdef";
    out += '"';
    std::size_t plain = 0;  // the start of what is not written yet
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
        out += text.substr(plain, at - plain);
        plain = at + 1;
        if (const char escape = short_escape(text[at])) {
            out += '\\';
            out += escape;
        } else {
            out += "\\u00";
            out += hex[byte >> 4U];
            out += hex[byte & 0xFU];
        }
    }
    out += text.substr(plain);
    out += '"';
}

void write_integer(std::string& out, std::int64_t value) {
    const auto magnitude = static_cast<std::uint64_t>(value);
    if (value < 0) out += '-';
    append_decimal(out, value < 0 ? 0 - magnitude : magnitude);
}

void write_member(std::string& out, const Member& member) {
    write(out, std::string_view(member.name));
    out += ':';
    write(out, member.value);
}

// The depth of the parsed text bounds the recursion.
void write(std::string& out, const Value& value) {
    if (const auto* boolean = get<bool>(&value)) {
        out += *boolean ? "true" : "false";
    } else if (const auto* integer = get<std::int64_t>(&value)) {
        write_integer(out, *integer);
    } else if (const auto* number = get<Number>(&value)) {
        out += number->text;
    } else if (const auto* text = get<std::string>(&value)) {
        write(out, *text);
    } else if (const auto* array = get<Array>(&value)) {
        write_array(out, *array);
    } else if (const auto* object = get<Object>(&value)) {
        write_object(out, *object);
    } else {
        out += "null";
    }
}

}  // namespace lockstep::codec
