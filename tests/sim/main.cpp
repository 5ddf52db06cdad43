// The simulator's command line: runs seeds, prints the speed, and reports the first failure with its seed, the command
// that replays it, and the shortest schedule found that has the same violation.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string_view>

#include "tests/sim/keys.hpp"
#include "tests/sim/run.hpp"

namespace {

using namespace lockstep::sim;

constexpr std::uint64_t replay_every = 64;  // seeds

struct Arguments {
    std::uint64_t first = 1;
    std::uint64_t seeds = 2'000;
    std::uint32_t ops = ops_default;
};

[[noreturn]] void usage() {
    std::cerr << "usage: sim [--seeds N] [--first S] [--seed S] [--steps OPS]\n"
                 "  --seeds N    how many seeds to run (2000)\n"
                 "  --first S    the first of them (1)\n"
                 "  --seed S     this seed alone\n"
                 "  --steps OPS  how many operations are in each run (400)\n";
    std::exit(2);
}

[[nodiscard]] std::uint64_t number(int count, char** words, int at) {
    if (at >= count) usage();
    char* end = nullptr;
    const std::uint64_t value = std::strtoull(words[at], &end, 10);
    if (end == words[at] || *end != '\0') usage();
    return value;
}

[[nodiscard]] Arguments arguments(int count, char** words) {
    Arguments asked;
    for (int at = 1; at < count; ++at) {
        const std::string_view word = words[at];
        if (word == "--seeds") {
            asked.seeds = number(count, words, ++at);
        } else if (word == "--first") {
            asked.first = number(count, words, ++at);
        } else if (word == "--steps") {
            asked.ops = static_cast<std::uint32_t>(number(count, words, ++at));
        } else if (word == "--seed") {
            asked.first = number(count, words, ++at);
            asked.seeds = 1;
        } else {
            usage();
        }
    }
    return asked;
}

void report(const Run& run, std::uint64_t seed, const Arguments& asked, const char* program) {
    std::cout << "\nseed " << seed << "\n  replay: " << program << " --seed " << seed << " --steps " << asked.ops
              << "\n  violation: " << *run.violation << std::endl;
    if (run.is_of_keys) return static_cast<void>(run_keys(seed, &std::cout));
    const Schedule schedule = minimised(run);
    std::cout << "\nThe shortest schedule found, " << schedule.size() << " of " << run.schedule.size() << " ops:\n\n";
    static_cast<void>(replayed(run.fault_mix, schedule, &std::cout));
}

// A seed is a bug report only if its run can be repeated exactly.
[[nodiscard]] bool replays(const Run& run) { return replayed(run.fault_mix, run.schedule, nullptr).steps == run.steps; }

class Progress {
public:
    void print_sometimes(std::uint64_t seeds, std::uint64_t steps) {
        const double passed = seconds();
        if (passed - printed_ < 5.0) return;
        printed_ = passed;
        print(seeds, steps);
    }
    void print(std::uint64_t seeds, std::uint64_t steps) const {
        std::printf("%llu seeds, %llu event-steps, %.1f s, %.0f event-steps a second\n",
                    static_cast<unsigned long long>(seeds), static_cast<unsigned long long>(steps), seconds(),
                    static_cast<double>(steps) / seconds());
        std::fflush(stdout);
    }

private:
    [[nodiscard]] double seconds() const {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
    }
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
    double printed_ = 0;
};

}  // namespace

int main(int count, char** words) {
    const Arguments asked = arguments(count, words);
    Progress progress;
    std::uint64_t steps = 0;
    for (std::uint64_t done = 0; done < asked.seeds; ++done) {
        const std::uint64_t seed = asked.first + done;
        const Run run = run_seed(seed, asked.ops);
        steps += run.steps;
        if (run.violation) {
            report(run, seed, asked, words[0]);
            return 1;
        }
        if (seed % replay_every == 0 && !replays(run)) {
            std::cout << "\nseed " << seed << " does not replay: the run depends on more than its schedule\n";
            return 1;
        }
        progress.print_sometimes(done + 1, steps);
    }
    progress.print(asked.seeds, steps);
    return 0;
}
