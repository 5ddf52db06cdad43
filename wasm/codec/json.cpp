// The only file that includes nlohmann/json. It uses the SAX interface alone: the document type and the serialiser
// would add more to the module than the rest of the codec, and they throw.
#include "wasm/codec/json.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "wasm/codec/digits.hpp"

namespace lockstep::codec {
namespace {

// A document type of this file's own, of which no object is made: the specialisations below apply to no other user of
// nlohmann::json.
template <class, class>
struct NoSerializer;
using Json = nlohmann::basic_json<std::map, std::vector, std::string, bool, std::int64_t, std::uint64_t, double,
                                  std::allocator, NoSerializer>;
using Input = nlohmann::detail::iterator_input_adapter<const char*>;

// The decimal digits of 2^1024 - 2^970, the least number that JavaScript reads as infinite.
constexpr std::string_view infinite_digits = "17976931348623158079372897140530";
constexpr std::int64_t infinite_magnitude = 309;
constexpr std::int64_t exponent_clamp = 1'000'000'000;

std::int64_t clamped_exponent(std::string_view text) {
    const bool negative = text.front() == '-';
    if (negative || text.front() == '+') text.remove_prefix(1);
    std::int64_t exponent = 0;
    for (const char digit : text) exponent = std::min(exponent * 10 + (digit - '0'), exponent_clamp);
    return negative ? -exponent : exponent;
}

// For a number in JSON's grammar. It is read as 0.DIGITS × 10^magnitude, which needs no floating point.
bool is_finite(std::string_view number) {
    std::string digits;
    std::int64_t magnitude = 0;
    bool after_point = false;
    for (std::size_t at = 0; at < number.size(); ++at) {
        const char c = number[at];
        if (c == 'e' || c == 'E') {
            magnitude += clamped_exponent(number.substr(at + 1));
            break;
        }
        if (c == '-') continue;
        if (c < '0' || c > '9') {
            after_point = true;
        } else if (digits.empty() && c == '0') {
            if (after_point) --magnitude;
        } else {
            if (!after_point) ++magnitude;
            if (digits.size() < infinite_digits.size()) digits += c;
        }
    }
    if (digits.empty() || magnitude < infinite_magnitude) return true;
    return magnitude == infinite_magnitude && digits < infinite_digits;
}

std::string decimal(std::uint64_t value) {
    std::string text;
    append_decimal(text, value);
    return text;
}

// Receives nlohmann's SAX events; `false` ends the parse. Texts are copied, since the lexer reuses its buffer.
class TreeBuilder {
public:
    explicit TreeBuilder(Document& document) : document_(document) {}

    bool null() { return add({Null{}}); }
    bool boolean(bool value) { return add({value}); }
    // The lexer calls this only for a number with a minus sign, so a zero was written `-0`.
    bool number_integer(std::int64_t value) { return value == 0 ? add({Number{"-0"}}) : add({value}); }
    bool number_unsigned(std::uint64_t value) {
        return std::in_range<std::int64_t>(value) ? add({static_cast<std::int64_t>(value)})
                                                  : add({Number{decimal(value)}});
    }
    bool number_float(double, const std::string& text) { return add({Number{text}}); }
    bool string(const std::string& text) { return add({text}); }
    static bool binary(Json::binary_t&) { return false; }
    bool start_object(std::size_t) { return open({Object{}}); }
    bool start_array(std::size_t) { return open({Array{}}); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }
    static bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) { return false; }

    bool key(const std::string& name) {
        const Object& object = *std::get_if<Object>(&open_.back()->data);
        if (object.size() == limits::members_max) return false;
        for (const Member& member : object) document_.duplicate |= member.name == name;
        name_ = name;
        return true;
    }

private:
    Value* place(Value&& value) {
        if (open_.empty()) return &(document_.root = std::move(value));
        if (auto* array = std::get_if<Array>(&open_.back()->data)) return &array->emplace_back(std::move(value));
        return &std::get_if<Object>(&open_.back()->data)
                    ->emplace_back(Member{std::move(name_), std::move(value)})
                    .value;
    }
    bool add(Value&& value) { return place(std::move(value)) != nullptr; }
    // The address of an open container stays valid: only the innermost one grows.
    bool open(Value&& value) {
        if (open_.size() == nesting_max) return false;
        open_.push_back(place(std::move(value)));
        document_.depth = std::max(document_.depth, open_.size());
        return true;
    }
    bool close() {
        open_.pop_back();
        return true;
    }

    Document& document_;
    std::vector<Value*> open_;
    std::string name_;
};

}  // namespace
}  // namespace lockstep::codec

// Members of nlohmann's templates, specialised for this file's own types. They replace code whose results are unused
// and make the module 19 kB smaller, or 8.3 kB after brotli, a sixth. There is no public way: the parser builds its
// message before it calls `parse_error`, and the lexer has no other `strtof` for a number type of ours. The members are
// the same in releases 3.11.2 and 3.11.3.
NLOHMANN_JSON_NAMESPACE_BEGIN
namespace detail {

// The number's text is kept, so its value is unused, except that nlohmann refuses what is not finite. The module would
// have no other use for strtod (6.1 kB after brotli).
template <>
#if defined(__GNUC__) && !defined(__clang__)
[[gnu::nonnull(2)]]  // g++ demands the template's attribute here too; clang counts the parameters otherwise
#endif
inline void
lexer<lockstep::codec::Json, lockstep::codec::Input>::strtof(double& value, const char* text, char** end) noexcept {
    const std::size_t size = std::strlen(text);
    *end = const_cast<char*>(text) + size;  // NOLINT(*-const-cast): as std::strtof does
    value = lockstep::codec::is_finite({text, size}) ? 0 : std::numeric_limits<double>::infinity();
}

// The explanation of an error is unused, since a refusal never repeats input (R13).
template <>
inline std::string lexer<lockstep::codec::Json, lockstep::codec::Input>::get_token_string() const {
    return {};
}
template <>
inline std::string parser<lockstep::codec::Json, lockstep::codec::Input>::exception_message(token_type,
                                                                                            const std::string&) {
    return {};
}

}  // namespace detail
NLOHMANN_JSON_NAMESPACE_END

namespace lockstep::codec {

Document parse(std::string_view text) {
    Document document;
    // nlohmann ends at a NUL byte and skips a byte order mark: both would let bytes pass unchecked.
    if (text.find('\0') != std::string_view::npos || text.starts_with("\xEF\xBB\xBF")) return document;
    TreeBuilder builder(document);
    document.complete =
        Json::sax_parse(text.data(), text.data() + text.size(), &builder, Json::input_format_t::json, true, false);
    return document;
}

std::size_t utf16_units(std::string_view text) {
    std::size_t units = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0U) != 0x80U) ++units;  // the first byte of a character
        if (byte >= 0xF0U) ++units;            // a character of four bytes is a surrogate pair
    }
    return units;
}

}  // namespace lockstep::codec
