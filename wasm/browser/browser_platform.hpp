// The browser as `Platform`, seen through emscripten::val. It decides nothing. Whatever needs a JavaScript callback, or
// may throw, is a function of the page's platform callbacks (bridge-html/platform.ts): an exception would pass through
// C++ frames without unwinding them.
#pragma once

#include <emscripten/val.h>

#include <cstddef>
#include <optional>
#include <string>

#include "wasm/hub/platform.hpp"

namespace lockstep::browser {

// A JavaScript value as text: nothing when it is no string, has more than `units_max` UTF-16 units, or has a lone
// surrogate. The length is compared before a byte is copied, so that an oversized message costs nothing.
[[nodiscard]] std::optional<std::string> bounded_text(const emscripten::val& value, std::size_t units_max);

class BrowserPlatform final : public Platform {
public:
    explicit BrowserPlatform(emscripten::val callbacks);

    [[nodiscard]] EpochMs now() override;
    [[nodiscard]] RawRead read_record() override;
    [[nodiscard]] bool write_record(const std::string& text) override;
    void use_backend(Medium medium) override;
    void mark_store() override;
    void abandon_cookie() override;
    void show_button(const std::string& label, const std::string& style) override;
    void read_tombstone() override;
    void store_tombstone(WriteId write_id, const std::string& text) override;
    void request_lock() override;
    void steal_lock() override;
    void release_lock() override;
    void fetch_check(CallId call, const std::string& url) override;
    void cancel_check(CallId call) override;
    void open_stream(StreamId stream, const std::string& url, const std::string& session, const std::string& subject,
                     EpochMs signed_in_at, bool steals) override;
    void close_stream() override;
    void send(PortId port, const std::string& text) override;
    void close_port(PortId port) override;
    void set_timer(std::optional<EpochMs> delay_ms) override;

    // The window whose messages count: the embedder's.
    [[nodiscard]] emscripten::val parent() const;
    // Another hub of this origin has another key (PROTOCOL §4.2).
    [[nodiscard]] emscripten::val record_key() const;
    // The storage area or cookie in use; null where the browser refuses it.
    [[nodiscard]] emscripten::val backend() const;
    void open_port(PortId port, const emscripten::val& message_port);

private:
    emscripten::val callbacks_;
};

}  // namespace lockstep::browser
