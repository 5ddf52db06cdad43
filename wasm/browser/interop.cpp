#include "wasm/browser/interop.hpp"

#include <cstdint>
#include <cstdlib>

#include "wasm/core/limits.hpp"

using emscripten::EM_VAL;
using lockstep::browser::Block;

// interop.js. An EM_VAL is a handle of a JavaScript value.
extern "C" {
Block* lockstep_copy_text(EM_VAL value, unsigned units_max);
void lockstep_use_host(EM_VAL host);
Block* lockstep_read_storage(unsigned units_max);
int lockstep_write_storage(const char* text, unsigned size);
int lockstep_storage_news(EM_VAL event);
int lockstep_let_others_hear();
void lockstep_set_timer(int delay_ms);
void lockstep_call_host(const char* method, int number, const char* text);
EM_VAL lockstep_only_port(EM_VAL event);
void lockstep_listen(int id, EM_VAL port);
void lockstep_close_port(EM_VAL port);
void lockstep_show_button(const char* label, const char* style);
void lockstep_post_text(EM_VAL port, const char* text, unsigned size);
EM_VAL lockstep_text(const char* text);
double lockstep_now();
}

namespace lockstep::browser {

using emscripten::val;

std::optional<std::string> taken(Block* block) {
    if (block == nullptr) return std::nullopt;
    std::string text(reinterpret_cast<const char*>(block + 1), block->size);
    std::free(block);
    return text;
}

void use_host(const val& host) { lockstep_use_host(host.as_handle()); }

std::optional<std::string> bounded_text(const val& value, std::size_t units_max) {
    return taken(lockstep_copy_text(value.as_handle(), static_cast<unsigned>(units_max)));
}

RawRead read_storage() {
    Block* block = lockstep_read_storage(limits::record_units_max);
    switch (reinterpret_cast<std::uintptr_t>(block)) {  // no block stands at so low an address
        case 0: return StoreBlocked{};
        case 1: return std::monostate{};
        case 2: return StoreOversized{};
        case 3: return StoreSame{};
        default: return *taken(block);
    }
}

bool write_storage(const std::string& text) { return lockstep_write_storage(text.data(), text.size()) != 0; }

StorageEventKind storage_event_kind(const val& event) {
    return static_cast<StorageEventKind>(lockstep_storage_news(event.as_handle()));
}

bool let_others_hear() { return lockstep_let_others_hear() != 0; }

void set_timer(int delay_ms) { lockstep_set_timer(delay_ms); }

void call_host(const char* method, int number, const char* text) { lockstep_call_host(method, number, text); }

std::optional<val> only_port(const val& event) {
    const EM_VAL port = lockstep_only_port(event.as_handle());
    if (port == nullptr) return std::nullopt;
    return val::take_ownership(port);
}

void listen(PortId id, const val& port) { lockstep_listen(static_cast<int>(id), port.as_handle()); }

void close_port(const val& port) { lockstep_close_port(port.as_handle()); }

void show_button(const std::string& label, const std::string& style) {
    lockstep_show_button(label.c_str(), style.c_str());
}

void post_text(const val& port, const std::string& text) {
    lockstep_post_text(port.as_handle(), text.data(), text.size());
}

val text_value(const std::string& text) { return val::take_ownership(lockstep_text(text.c_str())); }

double now() { return lockstep_now(); }

}  // namespace lockstep::browser
