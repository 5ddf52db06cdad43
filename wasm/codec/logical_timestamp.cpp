// In either form each timestamp has one text: no leading zero, no sign, no upper case.
#include "wasm/codec/logical_timestamp.hpp"

#include <algorithm>

#include "wasm/codec/digits.hpp"
#include "wasm/codec/json_writer.hpp"
#include "wasm/codec/names.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::codec {
namespace {

[[nodiscard]] bool is_writer(std::string_view text) {
    return text.size() <= limits::writer_bytes_max && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
           });
}

[[nodiscard]] std::optional<LogicalTimestamp> bounded(std::uint64_t revision, std::string_view writer) {
    if (revision < 1 || revision > limits::revision_max || !is_writer(writer)) return std::nullopt;
    return LogicalTimestamp{revision, std::string(writer)};
}

}  // namespace

std::optional<LogicalTimestamp> decode_timestamp(const Value* value) {
    const auto* pair = get<Array>(value);
    if (pair == nullptr || pair->size() != 2) return std::nullopt;
    const auto* revision = get<std::int64_t>(&pair->front());
    const auto* writer = get<std::string>(&pair->back());
    if (revision == nullptr || *revision < 1 || writer == nullptr) return std::nullopt;
    return bounded(static_cast<std::uint64_t>(*revision), *writer);
}

void write(std::string& out, const LogicalTimestamp& timestamp) {
    out += '[';
    append_decimal(out, timestamp.revision);
    out += ',';
    write(out, std::string_view(timestamp.writer));
    out += ']';
}

std::optional<LogicalTimestamp> decode_token(std::string_view token) {
    const auto dot = token.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto revision = read_positive(token.substr(0, dot), limits::revision_max);
    if (!revision) return std::nullopt;
    return bounded(*revision, token.substr(dot + 1));
}

std::string encode_token(const LogicalTimestamp& timestamp) {
    std::string token;
    append_decimal(token, timestamp.revision);
    token += '.';
    token += timestamp.writer;
    return token;
}

std::optional<LastEnd> decode_last_end(std::string_view token) {
    const auto dot = token.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto revision = read_positive(token.substr(0, dot), limits::revision_max);
    const auto medium = named<Medium>(token.substr(dot + 1));
    if (!revision || !medium) return std::nullopt;
    return LastEnd{*revision, *medium};
}

std::string encode_last_end(const LastEnd& last_end) {
    std::string token;
    append_decimal(token, last_end.revision);
    token += '.';
    token += name_of(last_end.medium);
    return token;
}

std::optional<EpochMs> decode_time(const Value* value) {
    const auto* time = get<std::int64_t>(value);
    if (time == nullptr || *time < 0 || *time > limits::epoch_ms_max) return std::nullopt;
    return *time;
}

}  // namespace lockstep::codec
