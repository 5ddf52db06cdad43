// One partition's localStorage key and tombstone, with the measured behaviour of browsers. Every process has a view of
// its own; it sees its own writes at once and others' writes late. While a write of its own is pending, others' changes
// reach its listeners but not its view. A clear in a race with a write can leave two views different until the next
// write.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/sim/locks.hpp"
#include "wasm/core/event.hpp"

namespace lockstep::sim {

// A value of the key, decoded once. Null: there is no value.
struct Value {
    std::string text;
    Read read;
};
using ValuePtr = std::shared_ptr<const Value>;

// The member that a later release of the same format adds at the end of every record.
inline constexpr std::string_view later_member = R"("xLater":)";
[[nodiscard]] ValuePtr make_value(std::string text);
[[nodiscard]] const Record* record_in(const ValuePtr& held);
// Whether a hub that has this record knows that the session is no longer active.
[[nodiscard]] bool outlives(const Record& record, const LogicalTimestamp& created);

// A storage event: the value that was written. Null: the key was removed.
using StorageEvent = ValuePtr;
// Of a cookie: the jar has dropped it, and nobody asked for that.
[[nodiscard]] const StorageEvent& eviction();

// A document's queue of storage events. A suspended one (in the back-forward cache of some engines) drops them.
struct EventQueue {
    std::uint32_t process = 0;
    bool is_suspended = false;
    bool is_stale = false;  // its event came before its view changed, and no other event follows
    std::deque<StorageEvent> queue;
};

struct Change {
    enum class Act : std::uint8_t { set, removed, evicted, acknowledged, silent } act{};
    ValuePtr value;
};

struct Process {
    std::uint32_t documents = 0;
    ValuePtr view;
    std::deque<Change> outbox;  // to the browser
    std::deque<Change> inbox;   // from the browser
    std::uint32_t unacknowledged = 0;
};

// A pending write of a tombstone. It may still become durable after its hub has stopped waiting.
struct Put {
    ValuePtr end;
    bool failed = false;
    bool done = false;
};

class Store {
public:
    explicit Store(std::uint32_t processes) : processes_(processes) {}

    void enter(EventQueue& events);
    void leave(const EventQueue& events);

    [[nodiscard]] const ValuePtr& view(std::uint32_t process) const { return processes_[process].view; }
    [[nodiscard]] const ValuePtr& truth() const { return truth_; }
    void write(const EventQueue& writer, ValuePtr value);

    // By another page of the hub's origin, in a process of its own.
    bool corrupt();
    bool corrupt(std::string text);
    bool remove();
    // The jar makes room for other cookies.
    bool evict();
    // The record's cookie is gone, and with its key: no hub takes that for a clear.
    void abandon();

    bool commit(std::uint32_t process);
    bool apply(std::uint32_t process);
    // The listeners get the event of the next change before the view has it.
    bool flicker(std::uint32_t process);
    // A change is pending whose event was already sent.
    [[nodiscard]] bool has_silent_change(std::uint32_t process) const;

    bool flush();
    void kill();

    // A hub of a later format replaces the record, and is rolled back again: the record is as before.
    bool toggle_newer_format();
    bool roll_back_newer_format();

    // The tombstone is in IndexedDB: a put that is complete survives the browser, and puts complete in their order.
    void put(std::shared_ptr<Put> put) { puts_.push_back(std::move(put)); }
    bool finish_next_put();
    void finish_puts_until(const Put& put);
    [[nodiscard]] const ValuePtr& tombstone() const { return tombstone_; }
    // The sessions with a durable tombstone when the browser was killed last. There is one tombstone only: after a race
    // of two sessions, that of the earlier one may have replaced that of the later one.
    [[nodiscard]] const std::vector<LogicalTimestamp>& tombstones_before_kill() const {
        return tombstones_before_kill_;
    }

    // A hub could not read the tombstone, and its record reaches the other hubs: those ends may be lost.
    void miss_tombstone();

    // Sessions whose end the browser itself has lost, by a kill or by a change from another page.
    [[nodiscard]] bool has_lost_end_of(const LogicalTimestamp& created) const;
    // A hub whose view does not show an end yet may overwrite it. The end is not lost while a document can still read
    // it or has its event pending, or a hub knows it: that hub writes it again.
    [[nodiscard]] bool end_is_on_its_way(const LogicalTimestamp& created) const;
    void lose_end(const LogicalTimestamp& created) { lost_ends_.push_back(created); }
    void announce_end(const LogicalTimestamp& created);
    [[nodiscard]] const std::vector<LogicalTimestamp>& announced_ends() const { return announced_ends_; }

    bool full = false;
    bool blocked = false;
    bool has_run = false;  // a hub has run here since the browser was started
    Locks locks;
    Locks stream_locks;  // push

private:
    void change_from_other_page(const Change& change);
    void take(const Change& change, const Process* from);
    void queue_event(std::uint32_t process, const StorageEvent& event, const EventQueue* except);
    void lose_announced_ends();

    std::vector<Process> processes_;
    std::vector<EventQueue*> queues_;
    ValuePtr truth_;
    ValuePtr disk_;
    ValuePtr before_newer_format_;
    std::deque<std::shared_ptr<Put>> puts_;
    ValuePtr tombstone_;
    std::vector<LogicalTimestamp> tombstones_written_;
    std::vector<LogicalTimestamp> tombstones_before_kill_;
    std::vector<LogicalTimestamp> announced_ends_;
    std::vector<LogicalTimestamp> lost_ends_;
};

}  // namespace lockstep::sim
