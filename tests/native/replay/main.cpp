// Replays one transcript through the native core: a bug report that the inspector exported, or a file of
// tests/transcripts. It says where the hubs do something else than the file has, and ends with 1 then; 2: no
// transcript.
#include <algorithm>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/native/transcripts/transcript.hpp"

namespace {

constexpr int same = 0, different = 1, unreadable = 2;

using Lines = std::vector<std::string>;

Lines lines_of(const std::string& text) {
    Lines lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(std::move(line));
    return lines;
}

bool is_input(const std::string& line) { return !line.starts_with("  "); }

// The effects that belong to the input at `from`, which is left out.
Lines effects_after(const Lines& lines, std::size_t from) {
    const auto begin = lines.begin() + static_cast<std::ptrdiff_t>(from) + 1;
    return Lines(begin, std::find_if(begin, lines.end(), is_input));
}

// Inputs are the same in both, so each is compared with its own effects alone.
std::size_t print_differences(const Lines& file, const Lines& replayed) {
    std::size_t count = 0;
    std::size_t there = 0;
    for (std::size_t here = 0; here < file.size(); ++here) {
        if (!is_input(file[here])) continue;
        while (!is_input(replayed[there])) ++there;
        const Lines expected = effects_after(file, here), got = effects_after(replayed, there);
        ++there;
        if (expected == got) continue;
        ++count;
        std::cout << "line " << here + 1 << ": " << file[here] << '\n';
        for (const std::string& line : expected) std::cout << "  file    " << line << '\n';
        for (const std::string& line : got) std::cout << "  replay  " << line << '\n';
    }
    return count;
}

}  // namespace

int main(int argc, char** argv) {
    std::ifstream file(argc == 2 ? argv[1] : "");
    if (!file) {
        std::cerr << "Name a transcript that can be read: replay FILE\n";
        return unreadable;
    }
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    try {
        const Lines before = lines_of(text), after = lines_of(lockstep::test::replayed(text));
        const auto is_of_input = [](const std::string& line) {
            return is_input(line) && !line.empty() && line[0] != '#';
        };
        const auto inputs = std::count_if(before.begin(), before.end(), is_of_input);
        if (inputs == 0) throw std::runtime_error("it has no input");
        const std::size_t count = print_differences(before, after);
        std::cout << inputs << " inputs replayed, " << (count == 0 ? "every effect is that of the file" : "")
                  << (count == 0 ? "" : std::to_string(count) + " with other effects than in the file") << ".\n";
        return count == 0 ? same : different;
    } catch (const std::exception& wrong) {
        std::cerr << "This is no transcript: " << wrong.what() << '\n';
        return unreadable;
    }
}
