// What a hub said, as an app reads it: PROTOCOL §3. Nothing here trusts the hub; a message that cannot be read is told
// apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wasm/core/record.hpp"

namespace lockstep::sim {

struct TellTale {  // one of the `events`
    std::string type;
    std::string reason;
    std::string ended_by;
    std::string from;
};

// A `welcome` or a `changed`.
struct Told {
    std::string status;
    std::string reason;
    std::string ended_by;
    std::string subject;
    std::string scope;
    bool has_claims = false;
    std::optional<LogicalTimestamp> session;
    std::optional<EpochMs> expires_at;
    std::optional<EpochMs> idle_at;
    std::vector<TellTale> events;

    // As far as tabs must agree. Deadlines and claims follow from the record, which is compared as a whole.
    [[nodiscard]] bool agrees_with(const Told& other) const {
        return status == other.status && reason == other.reason && ended_by == other.ended_by &&
               subject == other.subject && session == other.session;
    }
};

enum class MessageType : std::uint8_t { unreadable, welcome, changed, reply, notice, goodbye, duty, cancel };

struct Message {
    MessageType type = MessageType::unreadable;
    Told told;               // of a welcome or a changed
    std::uint32_t id = 0;    // of a reply
    std::string refused;     // code of an error
    std::string outcome;     // of a reply to a check
    std::uint32_t call = 0;  // of a duty or a cancel
    std::string duty;
    std::string reason;
};

[[nodiscard]] Message read_message(std::string_view text);

}  // namespace lockstep::sim
