// Writes canonical JSON: no white space, members in the order given, integers in decimal, other numbers verbatim, and
// only the escapes that JSON requires. It checks nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wasm/codec/json.hpp"

namespace lockstep::codec {

void write(std::string& out, std::string_view text);
void write(std::string& out, const Value& value);
void write_member(std::string& out, const Member& member);
void write_integer(std::string& out, std::int64_t value);

// Writes one object, from its construction to `close`, with the commas between its members.
class ObjectWriter {
public:
    explicit ObjectWriter(std::string& out) : out_(out) { out_ += '{'; }
    ObjectWriter(const ObjectWriter&) = delete;
    ObjectWriter& operator=(const ObjectWriter&) = delete;

    // Writes the name; the caller appends the value.
    std::string& member(Name name) {
        separate();
        out_ += '"';
        out_ += name.text;
        return out_ += "\":";
    }
    void text(Name name, std::string_view value) { write(member(name), value); }
    void integer(Name name, std::int64_t value) { write_integer(member(name), value); }
    void json(Name name, std::string_view value) { member(name) += value; }
    // For members that are JSON already: `"a":1,"b":2`.
    void members(std::string_view json_members) {
        separate();
        out_ += json_members;
    }
    void text_unless_empty(Name name, std::string_view value) {
        if (!value.empty()) text(name, value);
    }
    void text_if(Name name, const std::optional<std::string>& value) {
        if (value) text(name, *value);
    }
    void integer_if(Name name, const std::optional<std::int64_t>& value) {
        if (value) integer(name, *value);
    }
    void close() { out_ += '}'; }

private:
    void separate() {
        if (!first_) out_ += ',';
        first_ = false;
    }

    std::string& out_;
    bool first_ = true;
};

}  // namespace lockstep::codec
