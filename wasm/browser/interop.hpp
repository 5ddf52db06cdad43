// What the hub does for every change, each in one call across the border between C++ and JavaScript. A change is told
// in less than a millisecond, and every crossing of emscripten::val costs some ten microseconds of it while the page's
// script is cold.
//
// What may throw is caught on the JavaScript side: an exception would run through C++ frames without unwinding them and
// leave the hub half-changed.
#pragma once

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <cstddef>
#include <optional>
#include <string>

#include "wasm/core/limits.hpp"
#include "wasm/hub/platform.hpp"

namespace lockstep::browser {

// A text that JavaScript has copied into the memory: its size in bytes, and the UTF-8 behind it. Whoever is given one
// frees it.
struct Block {
    unsigned size;
};
[[nodiscard]] std::optional<std::string> taken(Block* block);

// What the crossings below speak to: bridge-html/host.ts. One module is one hub.
void use_host(const emscripten::val& host);

// A JavaScript value as text: nothing when it is not a string, has more than `units_max` UTF-16 units, or a lone
// surrogate. The length is looked at before a byte is copied, so an oversized message costs nothing.
[[nodiscard]] std::optional<std::string> bounded_text(const emscripten::val& value, std::size_t units_max);

// The same as a parameter of an exported function: embind_types.cpp.
template <std::size_t UnitsMax>
struct Text {
    std::optional<std::string> value;
};
using OriginText = Text<limits::origin_bytes_max>;
using MessageText = Text<limits::message_units_max>;
using RecordText = Text<limits::record_units_max>;
using ConfigText = Text<limits::config_bytes_max>;

// The stored record's text (PROTOCOL §4), in the backend that the page uses now.
[[nodiscard]] RawRead read_storage();
[[nodiscard]] bool write_storage(const std::string& text);

enum class StorageEventKind : int { none, changed, gone, changed_again };
// What a storage event says of the record. Its value is compared with what the store shows now, and copied only where
// the two differ: the usual change costs one copy, not two (R4, R10).
[[nodiscard]] StorageEventKind storage_event_kind(const emscripten::val& event);

// The text as a JavaScript value. Embind's own passing of texts, both ways and in four encodings, would be a tenth of
// the page's script.
[[nodiscard]] emscripten::val text_value(const std::string& text);

[[nodiscard]] bool let_others_hear();
void set_timer(int delay_ms);
// Any other method of the host. Embind's own way to call one knows every type there is, and would be a twentieth of the
// page's script.
void call_host(const char* method, int number = 0, const char* text = nullptr);
void show_button(const std::string& label, const std::string& style);
// The port that came with a window's message, when it brought just one.
[[nodiscard]] std::optional<emscripten::val> only_port(const emscripten::val& event);
void listen(PortId id, const emscripten::val& port);
void post_text(const emscripten::val& port, const std::string& text);
void close_port(const emscripten::val& port);
[[nodiscard]] double now();

}  // namespace lockstep::browser

namespace emscripten::internal {

template <std::size_t UnitsMax>
struct BindingType<lockstep::browser::Text<UnitsMax>> {
    using WireType = lockstep::browser::Block*;
    static lockstep::browser::Text<UnitsMax> fromWireType(WireType block) { return {lockstep::browser::taken(block)}; }
};

}  // namespace emscripten::internal
