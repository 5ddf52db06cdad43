// A message from a hub as an app reads it (PROTOCOL §3). The hub is not trusted here: a malformed message is a type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wasm/core/event.hpp"
#include "wasm/core/record.hpp"

namespace lockstep::sim {

struct ReceivedEvent {  // one of the `events`
    std::string type;
    std::string reason;
    std::string ended_by;
    std::string from;
    bool own = false;
};

// A `welcome` or a `changed`.
struct ReceivedSnapshot {
    std::string status;
    std::string reason;
    std::string ended_by;
    std::string subject;
    std::string scope;
    bool has_claims = false;
    std::optional<LogicalTimestamp> session;
    std::optional<LastEnd> last_end;
    std::optional<EpochMs> expires_at;
    std::optional<EpochMs> idle_at;
    std::vector<ReceivedEvent> events;

    // The members in which tabs must agree. The rest follows from the record, which is compared as a whole.
    [[nodiscard]] bool agrees_with(const ReceivedSnapshot& other) const {
        return status == other.status && reason == other.reason && ended_by == other.ended_by &&
               subject == other.subject && session == other.session;
    }
};

enum class MessageType : std::uint8_t { unreadable, welcome, changed, reply, notice, goodbye, duty, cancel };

struct Message {
    MessageType type = MessageType::unreadable;
    ReceivedSnapshot snapshot;  // of a welcome or a changed
    std::uint32_t id = 0;       // of a reply
    std::string refused;        // code of an error
    std::string outcome;        // of a reply to a check
    std::uint32_t call = 0;     // of a duty or a cancel
    std::string duty;
    std::string reason;
};

[[nodiscard]] Message read_message(std::string_view text);

}  // namespace lockstep::sim
