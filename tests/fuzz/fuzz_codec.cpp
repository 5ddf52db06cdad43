// The codec's target for libFuzzer. The first byte chooses the decoder, the rest is the text. Besides not crashing,
// what is accepted must keep its bounds, and a record that is read must be written as a text that reads the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "wasm/codec/config.hpp"
#include "wasm/codec/cookie_text.hpp"
#include "wasm/codec/json.hpp"
#include "wasm/codec/record.hpp"
#include "wasm/codec/wire.hpp"
#include "wasm/core/limits.hpp"

namespace {

using namespace lockstep;

void must(bool holds) {
    if (!holds) std::abort();
}

void try_outcome(const event::OutcomeReceived& outcome) {
    const bool renews = outcome.expires_at || !outcome.claims.empty();
    must(!renews || outcome.outcome == Outcome::active);
    must(outcome.claims.size() <= limits::claims_bytes_max);
    must(outcome.claims.empty() || codec::is_strict(codec::parse(outcome.claims)));
}

void try_message(std::string_view text) {
    const auto decoded = codec::decode_message(text, 1);
    const auto* event = std::get_if<Event>(&decoded);
    if (const auto* outcome = std::get_if<event::OutcomeReceived>(event)) try_outcome(*outcome);
    const auto* login = std::get_if<event::LoginReceived>(event);
    if (login == nullptr) return;
    must(login->id != 0);
    must(!login->subject.empty() && login->subject.size() <= limits::subject_bytes_max);
    must(login->claims.size() <= limits::claims_bytes_max);
    must(login->claims.empty() || codec::is_strict(codec::parse(login->claims)));
}

void try_record(std::string_view text) {
    const Read read = codec::decode_record(text);
    const auto* record = std::get_if<Record>(&read);
    if (record == nullptr) return;
    const std::string written = codec::encode_record(*record);
    const Read again = codec::decode_record(written);
    const auto* same = std::get_if<Record>(&again);
    must(same != nullptr && *same == *record);
    must(codec::encode_record(*same) == written);
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
    switch (bytes[0] % 6) {
        case 0: try_message(text); break;
        case 1: static_cast<void>(codec::decode_hello(text)); break;
        case 2: try_record(text); break;
        case 3: try_outcome(codec::decode_check_result(text, 1, 1)); break;
        case 4: try_cookie(text); break;
        default: try_config(text); break;
    }
    return 0;
}
