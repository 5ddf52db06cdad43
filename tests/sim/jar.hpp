// What the hubs of a browser with handles leave for those to whom no handle is given (PROTOCOL §4.2, "One store"): a
// mark in the first party's storage and one in the cookie jar. Whoever changes them is heard by all, late.
#pragma once

#include <cstdint>

namespace lockstep::sim {

struct Jar {
    bool is_used = false;  // some frames get no handle in this run; where all do, the marks were left long ago
    bool marks_storage = false;
    bool marks_jar = false;
    std::uint32_t changes = 0;
    bool is_orphaned = false;  // a hub or the browser has gone before a cookie that was abandoned was gone as well

    [[nodiscard]] bool is_marked() const { return marks_storage && marks_jar; }

    void mark() {
        marks_storage = marks_jar = true;
        changes += 1;
    }
    void lose_storage_mark() {
        marks_storage = false;
        changes += 1;
    }
};

}  // namespace lockstep::sim
