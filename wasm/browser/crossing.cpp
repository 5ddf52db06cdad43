#include "wasm/browser/crossing.hpp"

#include <emscripten.h>

#include <cstdlib>

using emscripten::EM_VAL;

// clang-format off

// The caller frees the copy. Null when the value is no text within the bound; the length may count NUL characters.
EM_JS(char*, lockstep_copy_text, (EM_VAL value, unsigned units_max, unsigned* size), {
    const text = Emval.toValue(value);
    if (typeof text !== "string" || text.length > units_max || !text.isWellFormed()) return 0;
    const bytes = new TextEncoder().encode(text);
    const copy = _malloc(bytes.length + 1);
    HEAPU8.set(bytes, copy);
    HEAPU32[size >> 2] = bytes.length;
    return copy;
});

// A handle of the value (null when there is none), or 0 when storage is blocked; no live handle is 0.
EM_JS(EM_VAL, lockstep_read_storage, (EM_VAL page, const char* key), {
    try {
        return Emval.toHandle(Emval.toValue(page).localStorage.getItem(UTF8ToString(key)));
    } catch (_) {
        return 0;
    }
});

EM_JS(int, lockstep_write_storage, (EM_VAL page, const char* key, const char* text), {
    try {
        Emval.toValue(page).localStorage.setItem(UTF8ToString(key), UTF8ToString(text));
        return 1;
    } catch (_) {
        return 0;
    }
});

// 0: not of this key, or of another storage area; 1: it changed; 2: it is gone.
EM_JS(int, lockstep_storage_news, (EM_VAL page, EM_VAL event, const char* key), {
    const news = Emval.toValue(event);
    try {
        if (news.storageArea !== Emval.toValue(page).localStorage) return 0;
    } catch (_) {
        return 0;
    }
    if (news.key !== null && news.key !== UTF8ToString(key)) return 0;
    return news.key === null || news.newValue === null ? 2 : 1;
});

EM_JS(void, lockstep_post_text, (EM_VAL port, const char* text), {
    Emval.toValue(port).postMessage(UTF8ToString(text));
});

EM_JS(double, lockstep_now, (EM_VAL host), { return Emval.toValue(host).now(); });

// clang-format on

namespace lockstep::browser {

using emscripten::val;

std::optional<std::string> bounded_text(const val& value, std::size_t units_max) {
    unsigned size = 0;
    char* copy = lockstep_copy_text(value.as_handle(), static_cast<unsigned>(units_max), &size);
    if (copy == nullptr) return std::nullopt;
    std::string text(copy, size);
    std::free(copy);
    return text;
}

StoreLook read_storage(const val& window, const char* key, std::size_t units_max) {
    EM_VAL handle = lockstep_read_storage(window.as_handle(), key);
    if (handle == nullptr) return StoreBlocked{};
    const val found = val::take_ownership(handle);
    if (found.isNull()) return std::monostate{};
    auto text = bounded_text(found, units_max);
    if (!text) return StoreOversized{};
    return *std::move(text);
}

bool write_storage(const val& window, const char* key, const std::string& text) {
    return lockstep_write_storage(window.as_handle(), key, text.c_str()) != 0;
}

StorageNews storage_news(const val& window, const val& event, const char* key) {
    return static_cast<StorageNews>(lockstep_storage_news(window.as_handle(), event.as_handle(), key));
}

void post_text(const val& port, const std::string& text) { lockstep_post_text(port.as_handle(), text.c_str()); }

double now_of(const val& host) { return lockstep_now(host.as_handle()); }

}  // namespace lockstep::browser
