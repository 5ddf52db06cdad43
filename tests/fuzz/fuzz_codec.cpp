// The codec's target. The first byte chooses the decoder, the rest is the text. Besides not crashing, what is accepted
// must keep its bounds and hold no token, what is written must read the same, and merge must obey its laws.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "wasm/codec/config.hpp"
#include "wasm/codec/cookie_text.hpp"
#include "wasm/codec/json.hpp"
#include "wasm/codec/json_writer.hpp"
#include "wasm/codec/record.hpp"
#include "wasm/codec/secrets.hpp"
#include "wasm/codec/utf8.hpp"
#include "wasm/codec/wire.hpp"
#include "wasm/core/limits.hpp"

namespace {

using namespace lockstep;

void must(bool holds) {
    if (!holds) std::abort();
}

void try_claims(const std::string& claims) {
    must(claims.size() <= limits::claims_bytes_max);
    must(claims.empty() || codec::is_strict(codec::parse(claims)));
    must(!codec::looks_like_token(claims));
}

void try_outcome(const event::OutcomeReceived& outcome) {
    const bool renews = outcome.expires_at || !outcome.claims.empty();
    must(!renews || outcome.outcome == Outcome::active);
    try_claims(outcome.claims);
}

void try_message(std::string_view text) {
    const auto decoded = codec::decode_message(text, 1, codec::Rate::kept);
    const auto* event = std::get_if<Event>(&decoded);
    if (const auto* outcome = std::get_if<event::OutcomeReceived>(event)) try_outcome(*outcome);
    const auto* login = std::get_if<event::LoginReceived>(event);
    if (login == nullptr) return;
    must(login->id != 0);
    must(!login->subject.empty() && login->subject.size() <= limits::subject_bytes_max);
    must(!codec::looks_like_token(login->subject));
    try_claims(login->claims);
}

void try_hello(std::string_view text) {
    const auto decoded = codec::decode_hello(text);
    const auto* hello = std::get_if<codec::Hello>(&decoded);
    if (hello != nullptr && hello->last) must(hello->last->subject.size() <= limits::subject_bytes_max);
}

std::optional<Record> record_of(std::string_view text) {
    const Read read = codec::decode_record(text);
    const auto* record = std::get_if<Record>(&read);
    if (record == nullptr) return std::nullopt;
    const std::string written = codec::encode_record(*record);
    must(codec::utf16_units(written) <= limits::record_units_max);
    const Read again = codec::decode_record(written);
    const auto* same = std::get_if<Record>(&again);
    must(same != nullptr && *same == *record);
    must(codec::encode_record(*same) == written);
    must(codec::decode_cookie(codec::encode_cookie(written)) == written);
    must(merge(*record, *record) == *record);
    return *record;
}

// Records on lines of their own, as different hubs may have written them.
void try_records(std::string_view text) {
    const std::size_t end = text.find('\n');
    const auto a = record_of(text.substr(0, end));
    if (!a || end == std::string_view::npos) return;
    const auto b = record_of(text.substr(end + 1));
    if (!b) return;
    const Record both = merge(*a, *b);
    must(both == merge(*b, *a));
    must(both == merge(both, *a) && both == merge(*b, both));
    must(record_of(codec::encode_record(both)).has_value());
}

void try_cookie(std::string_view text) {
    const auto record_text = codec::decode_cookie(text);
    if (record_text) must(codec::decode_cookie(codec::encode_cookie(*record_text)) == record_text);
}

void try_config(std::string_view text) {
    const auto decoded = codec::decode_config(text);
    const auto* config = std::get_if<Config>(&decoded);
    if (config != nullptr) must(config->apps.size() <= limits::apps_max);
}

// Whatever is read is written so that it reads the same, and is written the same again.
void try_json(std::string_view text) {
    const codec::Document document = codec::parse(text);
    if (!document.complete) return;
    std::string written;
    codec::write(written, document.root);
    const codec::Document again = codec::parse(written);
    must(again.complete && again.root == document.root && again.duplicate == document.duplicate);
}

// A text of the browser. Its bytes are read in pairs.
void try_utf16(std::string_view bytes) {
    std::u16string text;
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
        text += static_cast<char16_t>(static_cast<unsigned char>(bytes[at]) << 8U |
                                      static_cast<unsigned char>(bytes[at + 1]));
    }
    const auto utf8 = codec::utf8_of(text);
    if (!utf8) return;
    must(codec::utf16_units(*utf8) == text.size());
    std::string json;
    codec::write(json, *utf8);
    // The parser refuses what is no UTF-8.
    if (utf8->find('\0') == std::string::npos) must(codec::parse(json).complete);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
    switch (bytes[0] % 8) {
        case 0: try_message(text); break;
        case 1: try_hello(text); break;
        case 2: try_records(text); break;
        case 3: try_outcome(codec::decode_check_result(text, 1, 1)); break;
        case 4: try_cookie(text); break;
        case 5: try_config(text); break;
        case 6: try_json(text); break;
        default: try_utf16(text); break;
    }
    return 0;
}
