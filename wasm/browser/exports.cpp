// What the page may call: the exported Hub. Each method takes a browser object as it came and checks it in the order of
// PROTOCOL §1 before a byte of it is read: source → origin → size → version → shape.
#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "wasm/browser/browser_outside.hpp"
#include "wasm/browser/guarded.hpp"
#include "wasm/codec/config.hpp"
#include "wasm/codec/hub.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::browser {
namespace {

using emscripten::val;

constexpr std::size_t ancestors_max = 64;

[[nodiscard]] std::string text_or_empty(const val& value) { return bounded_text(value, limits::origin_bytes_max).value_or(""); }

// host.placement(): {hubOrigin, parentIsTop, ancestorOrigins: string[] | null, storageAccess: boolean | null}
[[nodiscard]] Placement placement_from(const val& seen) {
    Placement placement;
    placement.hub_origin = text_or_empty(seen["hubOrigin"]);
    placement.parent_is_top = seen["parentIsTop"].isTrue();
    const val ancestors = seen["ancestorOrigins"];
    if (!ancestors.isNull()) {
        std::vector<std::string> origins;
        const auto count = ancestors["length"].as<unsigned>();
        for (unsigned i = 0; i < count && i < ancestors_max; ++i) origins.push_back(text_or_empty(ancestors[i]));
        placement.ancestor_origins = std::move(origins);
    }
    const val access = seen["storageAccess"];
    if (!access.isNull()) placement.storage_access = access.isTrue() ? Evidence::yes : Evidence::no;
    return placement;
}

// The class the page sees.
class ExportedHub {
public:
    ExportedHub(val config_text, val host) : host_(host), outside_(host) {
        const auto text = bounded_text(config_text, limits::config_bytes_max);
        auto config = text ? codec::decode_config(*text) : std::variant<Config, std::string>("the configuration is no text, or too long");
        if (const auto* wrong = std::get_if<std::string>(&config)) {
            fault_ = *wrong;
        } else {
            hub_ = std::make_unique<Hub>(std::get<Config>(std::move(config)), outside_);
        }
    }

    // Empty, or the sentence that says what is wrong with the configuration. Nothing else may be called then.
    [[nodiscard]] std::string fault() const { return fault_; }

    void start(val writer, val placement) { hub_->started(text_or_empty(writer), placement_from(placement)); }

    void window_message(val event) {
        const val window = host_["window"];
        if (!event["source"].strictlyEquals(window["parent"])) return;
        const val ports = event["ports"];
        if (ports["length"].as<unsigned>() != 1) return;
        const PortId port = ++port_last_;
        outside_.add_port(port, ports[0]);
        const auto origin = bounded_text(event["origin"], limits::origin_bytes_max);
        if (!hub_->admits(port, origin.value_or("null"))) return;
        host_.call<void>("listen", port, ports[0]);
        hub_->hello(port, *origin, bounded_text(event["data"], limits::message_units_max));
    }

    void port_message(PortId port, val text) { hub_->message(port, bounded_text(text, limits::message_units_max)); }

    // Only which key it was is believed, and whether it says that something is gone; never its value (R4, R10).
    void storage_event(val event) {
        const auto storage = guarded_get(host_["window"], "localStorage");
        if (!storage || !event["storageArea"].strictlyEquals(*storage)) return;
        const val key = event["key"];
        const bool is_record = key.isString() && key.as<std::string>() == record_key;
        if (!key.isNull() && !is_record) return;
        if (key.isNull() || event["newValue"].isNull()) {
            hub_->store_cleared();
        } else {
            hub_->store_changed();
        }
    }

    void woke() { hub_->woke(); }
    void timer_fired() { hub_->timer_fired(); }

    // `text` is null when no end is kept, or it could not be read.
    void kept_end_read(val text) {
        const auto kept = bounded_text(text, limits::record_units_max);
        hub_->kept_end_read(kept ? StoreLook(*kept) : StoreLook());
    }
    void end_kept(Ticket ticket) { hub_->end_kept(ticket); }

private:
    val host_;
    BrowserOutside outside_;
    std::unique_ptr<Hub> hub_;
    std::string fault_;
    PortId port_last_ = 0;
};

}  // namespace

EMSCRIPTEN_BINDINGS(lockstep_hub) {
    emscripten::class_<ExportedHub>("Hub")
        .constructor<val, val>()
        .function("fault", &ExportedHub::fault)
        .function("start", &ExportedHub::start)
        .function("windowMessage", &ExportedHub::window_message)
        .function("portMessage", &ExportedHub::port_message)
        .function("storageEvent", &ExportedHub::storage_event)
        .function("woke", &ExportedHub::woke)
        .function("timerFired", &ExportedHub::timer_fired)
        .function("keptEndRead", &ExportedHub::kept_end_read)
        .function("endKept", &ExportedHub::end_kept);
}

}  // namespace lockstep::browser
