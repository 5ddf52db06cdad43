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

const Record* record_in(const Held& held) { return held ? std::get_if<Record>(&held->read) : nullptr; }

bool outlives(const Record& record, const LogicalTimestamp& created) {
    return created < record.created || (record.created == created && !is_active(record));
}

// The members of a later release are taken from the text itself: the codec must not be its own judge of whether it
// keeps them.
Held hold(std::string text) {
    Read read = codec::decode_record(text);
    const auto later = text.find(later_member);
    if (auto* record = std::get_if<Record>(&read); record != nullptr && later != std::string::npos) {
        record->unknown = text.substr(later, text.size() - later - 1);
    }
    return std::make_shared<const Value>(Value{std::move(text), std::move(read)});
}

void Store::enter(Ear& ear) {
    Process& process = processes_[ear.process];
    if (process.documents++ == 0) process.view = truth_;
    ear.misled = misleads(ear.process);
    ears_.push_back(&ear);
}

void Store::leave(const Ear& ear) {
    ears_.erase(std::find(ears_.begin(), ears_.end(), &ear));
    Process& process = processes_[ear.process];
    if (--process.documents > 0) return;
    // What a process has sent reaches the browser, though the process is gone.
    while (commit(ear.process)) {
    }
    process = Process{};
}

bool Store::misleads(std::uint32_t process) const {
    const auto& inbox = processes_[process].inbox;
    return std::any_of(inbox.begin(), inbox.end(), [](const Change& change) { return change.act == Act::silent; });
}

void Store::write(const Ear& writer, Held value) {
    Process& process = processes_[writer.process];
    const bool same = process.view && process.view->text == value->text;
    process.view = value;
    if (same) return;  // browsers tell nobody of a value that was there already
    process.unacknowledged += 1;
    process.outbox.push_back({Act::set, std::move(value)});
    hear(writer.process, process.view, &writer);
}

void Store::meddle(Change change) {
    if (change.act != Act::set) lose_ends_told();
    const Record* record = record_in(change.value);
    if (change.act == Act::set && record == nullptr) lose_ends_told();
    take(std::move(change), nullptr);
}

bool Store::corrupt() {
    meddle({Act::set, hold(truth_ && !truth_->text.empty() ? truth_->text.substr(1) : "garbage")});
    return true;
}

// A removed key and a cleared store differ in nothing a hub hears. Racing a write, either may leave two views apart.
bool Store::remove() {
    if (!truth_) return false;
    meddle({Act::removed, nullptr});
    return true;
}

bool Store::commit(std::uint32_t process) {
    Process& from = processes_[process];
    if (from.outbox.empty()) return false;
    Change change = std::move(from.outbox.front());
    from.outbox.pop_front();
    take(std::move(change), &from);
    return true;
}

// The browser's one truth takes a change and tells every process, the writer's by an acknowledgement in the same order.
void Store::take(Change change, const Process* from) {
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
    const auto tells = [&](const Held& value) {
        const Record* record = record_in(value);
        return record != nullptr && outlives(*record, created);
    };
    const auto is_heard = [&](const Change& change) { return change.act == Act::set && tells(change.value); };
    return tells(truth_) ||
           std::any_of(ears_.begin(), ears_.end(),
                       [&](const Ear* ear) { return std::any_of(ear->queue.begin(), ear->queue.end(), tells); }) ||
           std::any_of(processes_.begin(), processes_.end(), [&](const Process& process) {
               return std::any_of(process.inbox.begin(), process.inbox.end(), is_heard);
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
    // A view that has a newer write of its own under way keeps it; its listeners are told all the same.
    if (to.unacknowledged == 0) to.view = change.value;
    if (change.act != Act::silent) hear(process, change.value, nullptr);
    return true;
}

bool Store::flicker(std::uint32_t process) {
    Process& to = processes_[process];
    if (to.inbox.empty()) return false;
    Change& change = to.inbox.front();
    if (change.act == Act::acknowledged || change.act == Act::silent) return false;
    hear(process, change.value, nullptr);
    change.act = Act::silent;
    for (Ear* ear : ears_) ear->misled = ear->misled || ear->process == process;
    return true;
}

void Store::hear(std::uint32_t process, const Heard& heard, const Ear* except) {
    for (Ear* ear : ears_) {
        if (ear->process == process && ear != except && !ear->deaf) ear->queue.push_back(heard);
    }
}

bool Store::flush() {
    if (disk_ == truth_) return false;
    disk_ = truth_;
    return true;
}

void Store::kill() {
    tombstone_before_kill_.clear();
    const Record* kept = record_in(kept_);
    for (const LogicalTimestamp& created : tombstones_) {
        if (kept != nullptr && !(kept->created < created)) tombstone_before_kill_.push_back(created);
    }
    for (const LogicalTimestamp& created : ends_told_) {
        if (!contains(tombstone_before_kill_, created)) ends_lost_.push_back(created);
    }
    truth_ = disk_;
    for (Process& process : processes_) process = Process{};
    ears_.clear();
    puts_.clear();
    locks = Locks{locks.missing};
}

bool Store::finish_next_put() {
    if (puts_.empty()) return false;
    Put& put = *puts_.front();
    put.done = true;
    const Record* record = record_in(put.end);
    if (record != nullptr && !put.failed) {
        kept_ = put.end;
        tombstones_.push_back(record->created);
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
    meddle({Act::set, hold(R"({"format":2,"deep":[[[]]],"subject":"by a hub to come"})")});
    return true;
}

bool Store::roll_back_newer_format() {
    if (!truth_ || !std::holds_alternative<read::Newer>(truth_->read)) return false;
    meddle({Act::set, before_newer_format_});
    return true;
}

void Store::miss_tombstone() {
    ends_lost_.insert(ends_lost_.end(), tombstone_before_kill_.begin(), tombstone_before_kill_.end());
    tombstone_before_kill_.clear();
}

bool Store::has_lost_end_of(const LogicalTimestamp& created) const { return contains(ends_lost_, created); }

void Store::tell_end(const LogicalTimestamp& created) {
    if (!contains(ends_told_, created)) ends_told_.push_back(created);
}

void Store::lose_ends_told() { ends_lost_.insert(ends_lost_.end(), ends_told_.begin(), ends_told_.end()); }

}  // namespace lockstep::sim
