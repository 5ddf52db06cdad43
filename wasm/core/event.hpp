// Facts from the platform, past tense: everything that can happen to a hub. Each one is already checked and decoded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "wasm/core/code.hpp"
#include "wasm/core/config.hpp"
#include "wasm/core/record.hpp"
#include "wasm/core/scope.hpp"

namespace lockstep {

using PortId = std::uint32_t;     // counts handshakes; 0 is no port
using RequestId = std::uint32_t;  // chosen by the app; 0 is no request
using WriteId = std::uint32_t;    // counts writes, so that an outcome is matched to its write
using StreamId = std::uint32_t;   // counts the streams that this hub has asked for

// The result of a read of a store. Absent and unreadable never end a session (R4).
namespace read {
struct Absent {};      // nothing there
struct Unreadable {};  // corrupt, or too large
struct Newer {};       // a format this hub must not touch
struct Blocked {};     // the browser refused access
}  // namespace read
using Read = std::variant<read::Absent, read::Unreadable, read::Newer, read::Blocked, Record>;

// What an app showed before this handshake, so that it gets the session events that it missed.
struct LastSeen {
    std::optional<LogicalTimestamp> session;  // absent: it showed nobody signed in
    std::string subject;
};

// The last end that an app has been shown, and in which store: each store counts its revisions by itself.
struct LastEnd {
    std::uint64_t revision = 0;
    Medium medium{};
    bool operator==(const LastEnd&) const = default;
};

// The outcome of a duty, from an app or from the hub's own check.
enum class Outcome { active, inactive, unknown, done };
enum class LockAnswer { granted, busy, missing };
using CallId = std::uint32_t;  // counts duties given to the app

namespace event {

struct Started {
    std::string writer;  // random, new for every hub document
    StorageCapabilities storage;
    bool visible = true;
    bool browser_start = false;    // the first hub since the browser was started
    std::int64_t hubs_in_tab = 1;  // this one, and those that were there before it
};
struct HelloReceived {  // source and origin are checked
    PortId port = 0;
    std::string origin;
    std::optional<LastSeen> last;  // from an app that was connected before
    std::optional<Code> refused;   // its size, version or shape is wrong
};
struct LoginReceived {
    PortId port = 0;
    RequestId id = 0;
    std::string subject;
    std::optional<std::string> session_id;
    std::optional<EpochMs> expires_at;
    std::string claims;
    std::optional<LastEnd> last_end = std::nullopt;  // that the app had been shown when the login flow began (R1)
};
struct LogoutReceived {
    PortId port = 0;
    RequestId id = 0;
    std::optional<LogicalTimestamp> session;  // the `created` of the session that the app saw last (R2)
};
struct TouchReceived {
    PortId port = 0;
};
struct CheckReceived {
    PortId port = 0;
    RequestId id = 0;
};
struct DutiesReceived {  // what this app can do for all tabs
    PortId port = 0;
    bool check = false;
    bool end = false;
};
struct ScopeRequested {  // the user wants this tab in lockstep with all others
    PortId port = 0;
    RequestId id = 0;
    std::string label;  // of the button; empty: its own words
    std::string style;
};
struct AllowsReceived {  // is this origin on the allow-list?
    PortId port = 0;
    RequestId id = 0;
    std::string origin;
};
struct OutcomeReceived {
    PortId port = 0;  // 0: the hub's own check
    CallId call = 0;
    Outcome outcome{};
    std::optional<EpochMs> expires_at;
    std::string claims;
    std::optional<Code> refused = std::nullopt;  // what it brought was refused, so that it is `unknown`
};
struct LockAnswered {
    LockAnswer answer{};
};
struct LockLost {};  // another tab took it over
struct VisibilityChanged {
    bool visible = true;
};
struct StorageCapabilitiesChanged {  // what the browser shows now
    StorageCapabilities storage;
    bool asked = false;  // because the user was asked for it
};
struct Leaving {};     // pagehide: nothing may be held across it
struct Freezing {};    // the page runs no more until it wakes
struct WakeReceived {  // the app's page came back, or the user sees it again
    PortId port = 0;
    RequestId id = 0;
};
struct GoodbyeReceived {
    PortId port = 0;
};
struct Refused {  // a message that stopped at the door, but whose id could be read
    PortId port = 0;
    RequestId id = 0;
    Code code{};
};
struct StoreChanged {  // another document wrote: re-read, never apply the event's value (R10)
    Read shown;        // that value, where the store shows something else by now: it may be an end that was overwritten
};
struct StoreCleared {};           // an explicit clear was seen while running (R4)
struct CookieGone {               // the record's: the user has cleared it, or the browser has made room for another
    bool companion_left = false;  // the user's clearing takes the companion in the frame's own storage along
};
struct Woke {};        // pageshow, resume, visible, focus, online: memory may be old (R10)
struct TimerFired {};  // a hint, never the truth (R8)
struct RecordRead {
    Read read;
};
struct RecordWritten {
    WriteId write_id = 0;
};
struct RecordNotWritten {
    WriteId write_id = 0;
};
struct TombstoneRead {
    Read read;
};
struct StreamOpened {
    StreamId stream = 0;
};
struct StreamFailed {  // it is closed: the network, the server, or an answer that is no stream
    StreamId stream = 0;
};
struct EndPushed {  // the server says that the session has ended
    StreamId stream = 0;
};
struct TombstoneStored {  // or storing it has failed: either way the wait is over
    WriteId write_id = 0;
};

}  // namespace event

using Event = std::variant<event::Started, event::HelloReceived, event::LoginReceived, event::LogoutReceived,
                           event::TouchReceived, event::WakeReceived, event::GoodbyeReceived, event::Refused,
                           event::StoreChanged, event::StoreCleared, event::Woke, event::TimerFired, event::RecordRead,
                           event::RecordWritten, event::RecordNotWritten, event::TombstoneRead, event::TombstoneStored,
                           event::CheckReceived, event::DutiesReceived, event::AllowsReceived, event::OutcomeReceived,
                           event::LockAnswered, event::LockLost, event::VisibilityChanged, event::Leaving,
                           event::ScopeRequested, event::StorageCapabilitiesChanged, event::CookieGone, event::Freezing,
                           event::StreamOpened, event::StreamFailed, event::EndPushed>;

}  // namespace lockstep
