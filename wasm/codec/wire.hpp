// Reads and writes the messages between an app and its hub (PROTOCOL §1–§3). A text that is no message of the protocol
// is refused with one code of the closed list. What the app may do is decided in the core.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "wasm/core/effect.hpp"
#include "wasm/core/event.hpp"

namespace lockstep::codec {

inline constexpr std::int64_t protocol_version = 1;

struct Refusal {
    Code code{};
    RequestId id = 0;  // if it could be read
    bool operator==(const Refusal&) const = default;
};

struct Hello {
    std::string client;            // the version of its code
    std::optional<LastSeen> last;  // from an app that was connected before
};

[[nodiscard]] std::variant<Hello, Refusal> decode_hello(std::string_view text);
// Where the app exceeds its rate, only a goodbye counts: of anything else no more than type and id are looked at.
enum class Rate { kept, exceeded };
[[nodiscard]] std::variant<Event, Refusal> decode_message(std::string_view text, PortId port, Rate rate);

// The answer to the hub's own check (PROTOCOL §5). A text that is no outcome is `unknown`.
[[nodiscard]] event::OutcomeReceived decode_check_result(std::string_view text, CallId call, EpochMs now);

[[nodiscard]] std::string encode_welcome(const effect::Welcome& welcome, std::string_view hub_version);
[[nodiscard]] std::string encode_changed(const effect::Announce& announce);
[[nodiscard]] std::string encode_reply(const effect::Reply& reply);
[[nodiscard]] std::string encode_duty(const effect::CallDuty& duty);
[[nodiscard]] std::string encode_cancel(const effect::CancelDuty& cancel);
[[nodiscard]] std::string encode_error_notice(Code code);
[[nodiscard]] std::string encode_goodbye(Code code);

}  // namespace lockstep::codec
