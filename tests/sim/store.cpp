#include "tests/sim/store.hpp"

#include <algorithm>
#include <utility>

#include "wasm/codec/record.hpp"

namespace lockstep::sim {
namespace {

using Act = Change::Act;

[[nodiscard]] bool contains(const std::vector<LogicalTimestamp>& timestamps, const LogicalTimestamp& timestamp) {
    return std::find(timestamps.begin(), timestamps.end(), timestamp) != timestamps.end();
}

}  // namespace

const Record* record_in(const ValuePtr& held) { return held ? std::get_if<Record>(&held->read) : nullptr; }

bool outlives(const Record& record, const LogicalTimestamp& created) {
    return created < record.created || (record.created == created && !is_active(record));
}

// The members of a later release are taken from the text itself, so that it is tested whether the codec keeps them.
ValuePtr make_value(std::string text) {
    Read read = codec::decode_record(text);
    const auto later = text.find(later_member);
    if (auto* record = std::get_if<Record>(&read); record != nullptr && later != std::string::npos) {
        record->unknown = text.substr(later, text.size() - later - 1);
    }
    return std::make_shared<const Value>(Value{std::move(text), std::move(read)});
}

const StorageEvent& eviction() {
    static const StorageEvent event = std::make_shared<const Value>();
    return event;
}

void Store::enter(EventQueue& events) {
    Process& process = processes_[events.process];
    if (process.documents++ == 0) process.view = truth_;
    events.is_stale = has_silent_change(events.process);
    queues_.push_back(&events);
}

void Store::leave(const EventQueue& events) {
    queues_.erase(std::find(queues_.begin(), queues_.end(), &events));
    Process& process = processes_[events.process];
    if (--process.documents > 0) return;
    // What a process has sent reaches the browser also when the process is gone.
    while (commit(events.process)) {
    }
    process = Process{};
}

bool Store::has_silent_change(std::uint32_t process) const {
    const auto& inbox = processes_[process].inbox;
    return std::any_of(inbox.begin(), inbox.end(), [](const Change& change) { return change.act == Act::silent; });
}

void Store::write(const EventQueue& writer, ValuePtr value) {
    Process& process = processes_[writer.process];
    const bool same = process.view && process.view->text == value->text;
    process.view = value;
    if (same) return;  // browsers send no event for an unchanged value
    process.unacknowledged += 1;
    process.outbox.push_back({Act::set, std::move(value)});
    queue_event(writer.process, process.view, &writer);
}

void Store::change_from_other_page(const Change& change) {
    if (change.act != Act::set) lose_announced_ends();
    const Record* record = record_in(change.value);
    if (change.act == Act::set && record == nullptr) lose_announced_ends();
    take(change, nullptr);
}

bool Store::corrupt() { return corrupt(truth_ && !truth_->text.empty() ? truth_->text.substr(1) : "garbage"); }

bool Store::corrupt(std::string text) {
    change_from_other_page({Act::set, make_value(std::move(text))});
    return true;
}

// A removed key and a cleared store give a hub the same event. In a race with a write, both may leave two views
// different.
bool Store::remove() {
    if (!truth_) return false;
    change_from_other_page({Act::removed, nullptr});
    return true;
}

bool Store::evict() {
    if (!truth_) return false;
    change_from_other_page({Act::evicted, nullptr});
    return true;
}

void Store::abandon() {
    lose_announced_ends();
    truth_.reset();
    for (Process& process : processes_) {
        process.view.reset();
        process.outbox.clear();
        process.inbox.clear();
        process.unacknowledged = 0;
    }
}

bool Store::commit(std::uint32_t process) {
    Process& from = processes_[process];
    if (from.outbox.empty()) return false;
    Change change = std::move(from.outbox.front());
    from.outbox.pop_front();
    take(change, &from);
    return true;
}

// The browser applies a change and sends it to every process in the same order; the writer gets an acknowledgement.
void Store::take(const Change& change, const Process* from) {
    const bool same = change.value ? truth_ && truth_->text == change.value->text : !truth_;
    truth_ = change.value;
    for (Process& process : processes_) {
        if (&process == from) {
            process.inbox.push_back({Act::acknowledged, nullptr});
        } else if (!same && process.documents > 0) {
            process.inbox.push_back(change);
        }
    }
}

bool Store::end_is_on_its_way(const LogicalTimestamp& created) const {
    const auto tells = [&](const ValuePtr& value) {
        const Record* record = record_in(value);
        return record != nullptr && outlives(*record, created);
    };
    const auto has_rate_token = [&](const Change& change) { return change.act == Act::set && tells(change.value); };
    return tells(truth_) ||
           std::any_of(queues_.begin(), queues_.end(),
                       [&](const EventQueue* events) {
                           return std::any_of(events->queue.begin(), events->queue.end(), tells);
                       }) ||
           std::any_of(processes_.begin(), processes_.end(), [&](const Process& process) {
               return std::any_of(process.inbox.begin(), process.inbox.end(), has_rate_token);
           });
}

bool Store::apply(std::uint32_t process) {
    Process& to = processes_[process];
    if (to.inbox.empty()) return false;
    const Change change = std::move(to.inbox.front());
    to.inbox.pop_front();
    if (change.act == Act::acknowledged) {
        to.unacknowledged -= 1;
        return true;
    }
    // A view with a pending write of its own does not change, but its listeners get the event.
    if (to.unacknowledged == 0) to.view = change.value;
    if (change.act != Act::silent)
        queue_event(process, change.act == Act::evicted ? eviction() : change.value, nullptr);
    return true;
}

bool Store::flicker(std::uint32_t process) {
    Process& to = processes_[process];
    if (to.inbox.empty()) return false;
    Change& change = to.inbox.front();
    if (change.act != Act::set && change.act != Act::removed) return false;
    queue_event(process, change.value, nullptr);
    change.act = Act::silent;
    for (EventQueue* events : queues_) events->is_stale = events->is_stale || events->process == process;
    return true;
}

void Store::queue_event(std::uint32_t process, const StorageEvent& event, const EventQueue* except) {
    for (EventQueue* events : queues_) {
        if (events->process == process && events != except && !events->is_suspended) events->queue.push_back(event);
    }
}

bool Store::flush() {
    if (disk_ == truth_) return false;
    disk_ = truth_;
    return true;
}

void Store::kill() {
    has_run = false;
    tombstones_before_kill_.clear();
    const Record* tombstone = record_in(tombstone_);
    for (const LogicalTimestamp& created : tombstones_written_) {
        if (tombstone != nullptr && !(tombstone->created < created)) tombstones_before_kill_.push_back(created);
    }
    for (const LogicalTimestamp& created : announced_ends_) {
        if (!contains(tombstones_before_kill_, created)) lost_ends_.push_back(created);
    }
    truth_ = disk_;
    for (Process& process : processes_) process = Process{};
    queues_.clear();
    puts_.clear();
    locks = Locks{locks.missing};
    stream_locks = Locks{stream_locks.missing};
}

bool Store::finish_next_put() {
    if (puts_.empty()) return false;
    Put& put = *puts_.front();
    put.done = true;
    const Record* record = record_in(put.end);
    if (record != nullptr && !put.failed) {
        tombstone_ = put.end;
        tombstones_written_.push_back(record->created);
    }
    puts_.pop_front();
    return true;
}

void Store::finish_puts_until(const Put& put) {
    while (!put.done && finish_next_put()) {
    }
}

bool Store::toggle_newer_format() {
    if (roll_back_newer_format()) return true;
    if (record_in(truth_) == nullptr) return false;
    before_newer_format_ = truth_;
    change_from_other_page({Act::set, make_value(R"({"format":2,"deep":[[[]]],"subject":"by a hub to come"})")});
    return true;
}

bool Store::roll_back_newer_format() {
    if (!truth_ || !std::holds_alternative<read::Newer>(truth_->read)) return false;
    change_from_other_page({Act::set, before_newer_format_});
    return true;
}

void Store::miss_tombstone() {
    lost_ends_.insert(lost_ends_.end(), tombstones_before_kill_.begin(), tombstones_before_kill_.end());
    tombstones_before_kill_.clear();
}

bool Store::has_lost_end_of(const LogicalTimestamp& created) const { return contains(lost_ends_, created); }

void Store::announce_end(const LogicalTimestamp& created) {
    if (!contains(announced_ends_, created)) announced_ends_.push_back(created);
}

void Store::lose_announced_ends() {
    lost_ends_.insert(lost_ends_.end(), announced_ends_.begin(), announced_ends_.end());
}

}  // namespace lockstep::sim
