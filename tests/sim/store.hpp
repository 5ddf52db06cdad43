// One partition's localStorage key and tombstone, as browsers really behave: every process has a view of its own, sees
// its own writes at once and those of others late; while a write of its own is under way, others' changes reach its
// listeners but not its view; a clear racing a write can leave two views apart until the key is written again.
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

// A value of the key, decoded once. None: there is nothing.
struct Value {
    std::string text;
    Read read;
};
using Held = std::shared_ptr<const Value>;

// What a later release of the same format adds to whatever it writes, as the last member.
inline constexpr std::string_view later_member = R"("xLater":)";
[[nodiscard]] Held hold(std::string text);
[[nodiscard]] const Record* record_in(const Held& held);
// Whoever knows this record does not take that session for active.
[[nodiscard]] bool outlives(const Record& record, const LogicalTimestamp& created);

// A storage event: the value that was written, or none: it is gone.
using Heard = Held;

// A document's queue of storage events. A deaf one (in the back-forward cache of some engines) loses what comes.
struct Ear {
    std::uint32_t process = 0;
    bool deaf = false;
    bool misled = false;  // it heard of a change before its process showed it, and nothing will tell it again
    std::deque<Heard> queue;
};

struct Change {
    enum class Act : std::uint8_t { set, removed, acknowledged, silent } act{};
    Held value;
};

struct Process {
    std::uint32_t documents = 0;
    Held view;
    std::deque<Change> outbox;  // to the browser
    std::deque<Change> inbox;   // from the browser
    std::uint32_t unacknowledged = 0;
};

// An end on its way to the disk. Whoever waits for it may give up; it may get there all the same.
struct Put {
    Held end;
    bool failed = false;
    bool done = false;
};

class Store {
public:
    explicit Store(std::uint32_t processes) : processes_(processes) {}

    void enter(Ear& ear);
    void leave(const Ear& ear);

    [[nodiscard]] const Held& view(std::uint32_t process) const { return processes_[process].view; }
    [[nodiscard]] const Held& truth() const { return truth_; }
    void write(const Ear& writer, Held value);

    // By a page of the hub's origin that is no hub, in a process of its own.
    bool corrupt();
    bool remove();

    bool commit(std::uint32_t process);
    bool apply(std::uint32_t process);
    // The listeners of the next change are told before the view has it.
    bool flicker(std::uint32_t process);
    // A change is on its way of which nobody will be told any more.
    [[nodiscard]] bool misleads(std::uint32_t process) const;

    bool flush();
    void kill();

    // A hub of a later format takes the record over, and is rolled back again: the record stands there as it was.
    bool toggle_newer_format();
    bool roll_back_newer_format();

    // The tombstone: IndexedDB, which survives the browser once a put is complete, and serves puts in the order they
    // were made in.
    void put(std::shared_ptr<Put> put) { puts_.push_back(std::move(put)); }
    bool finish_next_put();
    void finish_puts_until(const Put& put);
    [[nodiscard]] const Held& kept() const { return kept_; }
    // Sessions whose end the kept one told of when the browser was killed last. Only one is kept: of two sessions that
    // raced for the store, the end of the earlier one may have taken the place of the later one's. Short of a kill,
    // localStorage itself tells.
    [[nodiscard]] const std::vector<LogicalTimestamp>& kept_before_kill() const { return tombstone_before_kill_; }

    // A hub could not read the tombstone, and what it then believes the others hear: nothing is promised of those
    // sessions any more.
    void miss_tombstone();

    // Sessions whose end the browser itself has lost: gone with a kill, or with what somebody else did to the store.
    [[nodiscard]] bool has_lost_end_of(const LogicalTimestamp& created) const;
    // A writer that could not see an end yet may overwrite it. It is not lost while a document can still read it or
    // will be told of it, or a hub knows it: that one puts it back.
    [[nodiscard]] bool end_is_on_its_way(const LogicalTimestamp& created) const;
    void lose_end(const LogicalTimestamp& created) { ends_lost_.push_back(created); }
    void tell_end(const LogicalTimestamp& created);
    [[nodiscard]] const std::vector<LogicalTimestamp>& ends_told() const { return ends_told_; }

    bool full = false;
    bool blocked = false;
    Locks locks;

private:
    void meddle(Change change);
    void take(Change change, const Process* from);
    void hear(std::uint32_t process, const Heard& heard, const Ear* except);
    void lose_ends_told();

    std::vector<Process> processes_;
    std::vector<Ear*> ears_;
    Held truth_;
    Held disk_;
    Held before_newer_format_;
    std::deque<std::shared_ptr<Put>> puts_;
    Held kept_;
    std::vector<LogicalTimestamp> tombstones_;
    std::vector<LogicalTimestamp> tombstone_before_kill_;
    std::vector<LogicalTimestamp> ends_told_;
    std::vector<LogicalTimestamp> ends_lost_;
};

}  // namespace lockstep::sim
