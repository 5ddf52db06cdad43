// Requests to the platform, imperative. They are data: `step` returns them, the hub performs them in order, and
// every outcome that matters comes back as an event. What must be durable is asked for first; messages wait for it
// (R5).
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "wasm/core/code.hpp"
#include "wasm/core/event.hpp"
#include "wasm/core/snapshot.hpp"

namespace lockstep {

enum class WakeReason { expiry, idle_warning, idle_end, duty, stream };
enum class DutyKind { check, end };
enum class CheckReason { expiry, request, retry };

namespace effect {

struct ReadRecord {  // answered by RecordRead
    bool operator==(const ReadRecord&) const = default;
};
struct WriteRecord {  // answered by RecordWritten or RecordNotWritten
    WriteId write_id = 0;
    Record record;
    bool operator==(const WriteRecord&) const = default;
};
struct ReadTombstone {  // answered by TombstoneRead
    bool operator==(const ReadTombstone&) const = default;
};
struct StoreTombstone {  // answered by TombstoneStored, within limits::tombstone_wait_ms_max
    WriteId write_id = 0;
    Record record;
    bool operator==(const StoreTombstone&) const = default;
};
struct Welcome {
    PortId port = 0;
    Capabilities capabilities;
    Snapshot snapshot;
    std::vector<SessionEvent> session_events;  // what the app missed since it was connected before
    bool operator==(const Welcome&) const = default;
};
struct Announce {
    PortId port = 0;
    Snapshot snapshot;
    std::vector<SessionEvent> session_events;
    bool operator==(const Announce&) const = default;
};
struct Reply {
    PortId port = 0;
    RequestId id = 0;
    std::optional<Code> refused;
    std::optional<Outcome> outcome = std::nullopt;  // of a check
    bool operator==(const Reply&) const = default;
};
struct ErrorNotice {  // an error that no request asked for
    PortId port = 0;
    Code code{};
    bool operator==(const ErrorNotice&) const = default;
};
struct ClosePort {
    PortId port = 0;
    std::optional<Code> goodbye;  // sent before closing
    bool operator==(const ClosePort&) const = default;
};
struct AskLock {  // answered by LockAnswered
    bool steal = false;
    bool operator==(const AskLock&) const = default;
};
struct ReleaseLock {
    bool operator==(const ReleaseLock&) const = default;
};
struct CallDuty {     // answered by OutcomeReceived, or not
    PortId port = 0;  // 0: the hub's own check
    CallId call = 0;
    DutyKind duty{};
    CheckReason check_reason{};  // of a check
    EndReason end_reason{};      // of an end
    std::optional<std::string> session_id = std::nullopt;
    bool operator==(const CallDuty&) const = default;
};
struct CancelDuty {
    PortId port = 0;
    CallId call = 0;
    bool operator==(const CancelDuty&) const = default;
};
struct UseStore {  // from now on records are read and written there
    Medium medium{};
    bool operator==(const UseStore&) const = default;
};
struct MarkStore {  // says to hubs without a handle that this storage is the first party's
    bool operator==(const MarkStore&) const = default;
};
struct AbandonCookie {  // the record in the cookie, if there is one, counts for nobody any more
    bool operator==(const AbandonCookie&) const = default;
};
struct ShowButton {  // the browser wants the user's gesture in the hub's own frame; answered by
                     // StorageCapabilitiesChanged
    std::string label;
    std::string style;
    bool operator==(const ShowButton&) const = default;
};
struct OpenStream {  // about this session, in the place of any other; answered by StreamOpened, StreamFailed or
                     // EndPushed
    StreamId stream = 0;
    std::optional<std::string> session_id;
    std::string subject;
    EpochMs signed_in_at = 0;
    bool steals = false;  // the browser's lock from whoever holds it
    bool operator==(const OpenStream&) const = default;
};
struct CloseStream {
    bool operator==(const CloseStream&) const = default;
};
struct SetTimer {  // replaces the one timer; nothing stops it
    std::optional<EpochMs> at;
    WakeReason reason{};
    bool operator==(const SetTimer&) const = default;
};

}  // namespace effect

using Effect = std::variant<effect::ReadRecord, effect::WriteRecord, effect::ReadTombstone, effect::StoreTombstone,
                            effect::Welcome, effect::Announce, effect::Reply, effect::ErrorNotice, effect::ClosePort,
                            effect::SetTimer, effect::AskLock, effect::ReleaseLock, effect::CallDuty,
                            effect::CancelDuty, effect::UseStore, effect::MarkStore, effect::AbandonCookie,
                            effect::ShowButton, effect::OpenStream, effect::CloseStream>;
using Effects = std::vector<Effect>;

}  // namespace lockstep
