#include "wasm/browser/crossing.hpp"

#include <emscripten.h>

#include <cstdint>
#include <cstdlib>

using emscripten::EM_VAL;

// clang-format off

// Of a handle; or, called from below, of the value itself. The caller frees the copy. Null when the value is no text within the bound; the
// length may count NUL characters. A character of UTF-16 is at most three bytes of UTF-8.
EM_JS(char*, lockstep_copy_text, (EM_VAL value, unsigned units_max, unsigned* size), {
    const text = typeof value === "number" ? Emval.toValue(value) : value;
    if (typeof text !== "string" || text.length > units_max || !text.isWellFormed()) return 0;
    const copy = _malloc(3 * text.length + 1);
    const encoder = (lockstep_copy_text.encoder ||= new TextEncoder());
    HEAPU32[size >> 2] = encoder.encodeInto(text, HEAPU8.subarray(copy, copy + 3 * text.length)).written;
    return copy;
});

// The key is PROTOCOL §4's: a constant of the script, since decoding it took longer than reading what it names.
// A copy like that one, or how there is none: read_storage says which.
EM_JS(char*, lockstep_read_storage, (EM_VAL page, unsigned units_max, unsigned* size), {
    try {
        const text = Emval.toValue(page).localStorage.getItem("lockstep");
        return text === null ? 1 : lockstep_copy_text(text, units_max, size) || 2;
    } catch (_) {
        return 0;
    }
});

EM_JS(int, lockstep_write_storage, (EM_VAL page, const char* text), {
    try {
        Emval.toValue(page).localStorage.setItem("lockstep", UTF8ToString(text));
        return 1;
    } catch (_) {
        return 0;
    }
});

// 0: not of this key, or of another storage area; 1: it changed; 2: it is gone; 3: it changed, and has changed again since.
EM_JS(int, lockstep_storage_news, (EM_VAL page, EM_VAL event), {
    const news = Emval.toValue(event);
    try {
        const area = Emval.toValue(page).localStorage;
        if (news.storageArea !== area || (news.key !== null && news.key !== "lockstep")) return 0;
        if (news.key === null || news.newValue === null) return 2;
        return news.newValue === area.getItem("lockstep") ? 1 : 3;
    } catch (_) {
        return 0;
    }
});

EM_JS(void, lockstep_post_text, (EM_VAL port, const char* text), {
    Emval.toValue(port).postMessage(UTF8ToString(text));
});

EM_JS(double, lockstep_now, (EM_VAL host), { return Emval.toValue(host).now(); });

// clang-format on

namespace lockstep::browser {

using emscripten::val;

namespace {

[[nodiscard]] std::string taken(char* copy, unsigned size) {
    std::string text(copy, size);
    std::free(copy);
    return text;
}

}  // namespace

std::optional<std::string> bounded_text(const val& value, std::size_t units_max) {
    unsigned size = 0;
    char* copy = lockstep_copy_text(value.as_handle(), static_cast<unsigned>(units_max), &size);
    if (copy == nullptr) return std::nullopt;
    return taken(copy, size);
}

StoreLook read_storage(const val& window, std::size_t units_max) {
    unsigned size = 0;
    char* copy = lockstep_read_storage(window.as_handle(), static_cast<unsigned>(units_max), &size);
    switch (reinterpret_cast<std::uintptr_t>(copy)) {  // no copy stands at so low an address
        case 0: return StoreBlocked{};
        case 1: return std::monostate{};
        case 2: return StoreOversized{};
        default: return taken(copy, size);
    }
}

bool write_storage(const val& window, const std::string& text) { return lockstep_write_storage(window.as_handle(), text.c_str()) != 0; }

StorageNews storage_news(const val& window, const val& event) {
    return static_cast<StorageNews>(lockstep_storage_news(window.as_handle(), event.as_handle()));
}

void post_text(const val& port, const std::string& text) { lockstep_post_text(port.as_handle(), text.c_str()); }

double now_of(const val& host) { return lockstep_now(host.as_handle()); }

}  // namespace lockstep::browser
