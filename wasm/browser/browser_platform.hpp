// The browser as `Platform`: the stores, ports, the clock and the one timer, seen from C++ through emscripten::val. It
// decides nothing. What needs a JavaScript callback (a port's listener, the timer, IndexedDB) is asked of the page's
// host object.
#pragma once

#include <emscripten/val.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "wasm/hub/platform.hpp"

namespace lockstep::browser {

class BrowserPlatform final : public Platform {
public:
    [[nodiscard]] EpochMs now() override;
    [[nodiscard]] RawRead read_record() override;
    [[nodiscard]] bool write_record(const std::string& text) override;
    void use_store(Medium medium) override;
    void show_button(const std::string& label, const std::string& style) override;
    [[nodiscard]] bool let_others_hear() override;
    void read_tombstone() override;
    void store_tombstone(WriteId write_id, const std::string& text) override;
    void ask_lock(bool steal) override;
    void release_lock() override;
    void fetch_check(CallId call, const std::string& url) override;
    void cancel_check(CallId call) override;
    void send(PortId port, const std::string& text) override;
    void close_port(PortId port) override;
    void set_timer(std::optional<EpochMs> delay_ms) override;

    void add_port(PortId port, const emscripten::val& message_port);

private:
    [[nodiscard]] emscripten::val* find_port(PortId port);

    std::vector<std::pair<PortId, emscripten::val>> ports_;  // the current one, and one being refused or replaced
};

}  // namespace lockstep::browser
