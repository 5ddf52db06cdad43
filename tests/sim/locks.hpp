// navigator.locks with one lock in one partition: a request gets it, finds it busy, or steals it. It is free again when
// its holder releases it or its page is gone. A frozen page keeps it.
#pragma once

#include <cstdint>

namespace lockstep::sim {

class Locks {
public:
    explicit Locks(bool are_missing = false) : missing(are_missing) {}

    using Request = std::uint64_t;  // 0 is none

    [[nodiscard]] Request ask() { return ++request_last_; }
    // With `ifAvailable`: a lock that is held is busy, unless it is stolen.
    [[nodiscard]] bool grant(Request request, bool steal) {
        if (holder_ != 0 && !steal) return false;
        holder_ = request;
        return true;
    }
    [[nodiscard]] bool is_held_by(Request request) const { return request != 0 && holder_ == request; }
    [[nodiscard]] bool is_free() const { return holder_ == 0; }
    void release(Request request) {
        if (is_held_by(request)) holder_ = 0;
    }

    bool missing;  // plain http

private:
    Request holder_ = 0;
    Request request_last_ = 0;
};

}  // namespace lockstep::sim
