// The hub's target: the simulator's world (tests/sim), whose schedule is the input instead of a seed. Several whole
// hubs run over one browser. The oracle is the simulator's reference model, or the invariants alone where the input
// also forges texts.
//
// The input is a header of seven bytes, which choose the browser, and then the ops: kind, slot, two bytes that
// seed the random numbers; in a world with forgers, some end with a text up to the next line feed.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "tests/sim/run.hpp"

namespace {

using namespace lockstep::sim;

constexpr std::size_t ops_max = 400;
constexpr std::size_t text_bytes_max = 8'192;  // as the browser's half of the hub would let through

class Input {
public:
    explicit Input(std::string_view bytes) : left_(bytes) {}

    [[nodiscard]] bool is_empty() const { return left_.empty(); }
    [[nodiscard]] std::uint8_t byte() {
        if (left_.empty()) return 0;
        const auto first = static_cast<std::uint8_t>(left_.front());
        left_.remove_prefix(1);
        return first;
    }
    [[nodiscard]] std::uint32_t below(std::uint32_t bound) { return byte() % bound; }
    template <class Enum>
    [[nodiscard]] Enum one_of() {
        return static_cast<Enum>(below(static_cast<std::uint32_t>(Enum::count)));
    }
    [[nodiscard]] std::string line() {
        const std::string_view line = left_.substr(0, left_.find('\n'));
        left_.remove_prefix(std::min(line.size() + 1, left_.size()));
        return std::string(line.substr(0, text_bytes_max));
    }

private:
    std::string_view left_;
};

[[nodiscard]] FaultMix read_fault_mix(Input& input) {
    FaultMix fault_mix;
    fault_mix.engine = input.one_of<Engine>();
    fault_mix.times = input.one_of<Times>();
    fault_mix.checking = input.one_of<Checking>();
    fault_mix.provider = input.one_of<Health>();
    fault_mix.slots = 2 + input.below(slots_max - 1);
    fault_mix.tabs_a_process = 1 + input.below(2);
    const std::uint8_t flags = input.byte();
    fault_mix.has_locks = (flags & 1U) == 0;
    fault_mix.newer_in = (flags & 2U) != 0 ? 2 : 0;
    fault_mix.has_guests = (flags & 4U) != 0;
    fault_mix.has_withheld = (flags & 8U) != 0 && fault_mix.engine == Engine::chromium;
    fault_mix.has_forgers = (flags & 16U) != 0;
    return fault_mix;
}

// What draw_fault_mix gives the weight 0.
[[nodiscard]] bool happens(const FaultMix& fault_mix, Kind kind) {
    if (kind == Kind::grant || kind == Kind::deny) return fault_mix.has_guests;
    return kind != Kind::flicker || fault_mix.engine == Engine::webkit;
}

[[nodiscard]] Op read_op(Input& input, const FaultMix& fault_mix, std::uint64_t& documents) {
    Op op{input.one_of<Kind>(), input.below(fault_mix.slots)};
    op.draw = input.byte();
    op.draw |= static_cast<std::uint64_t>(input.byte()) << 8U;
    // The writer's name is made of it, and no two documents have the same.
    if (op.kind == Kind::open || op.kind == Kind::reload_hub) op.draw |= ++documents << 16U;
    const bool has_text = op.kind == Kind::garbage || op.kind == Kind::hello_again || op.kind == Kind::corrupt;
    if (fault_mix.has_forgers && has_text) op.text = input.line();
    return op;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    Input input({reinterpret_cast<const char*>(bytes), size});
    const FaultMix fault_mix = read_fault_mix(input);
    Schedule schedule;
    std::uint64_t documents = 0;
    while (!input.is_empty() && schedule.size() < ops_max) {
        Op op = read_op(input, fault_mix, documents);
        if (happens(fault_mix, op.kind)) schedule.push_back(std::move(op));
    }
    if (!replayed(fault_mix, schedule, nullptr).violation) return 0;
    static_cast<void>(replayed(fault_mix, schedule, &std::cerr));
    std::abort();
}
