// Runs a fuzz target without libFuzzer, once for each file that is named or is in a folder that is named. A target that
// finds something aborts. So what a fuzzer has found stays mended, with any compiler.
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size);

namespace {

namespace fs = std::filesystem;

std::size_t inputs = 0;

void run(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
    std::cout << file.string() << std::endl;  // flushed, so that the last one is the one that aborts
    static_cast<void>(LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
    ++inputs;
}

}  // namespace

int main(int count, char** words) {
    for (int at = 1; at < count; ++at) {
        const fs::path path = words[at];
        if (!fs::is_directory(path)) {
            run(path);
            continue;
        }
        for (const auto& entry : fs::recursive_directory_iterator(path)) {
            if (entry.is_regular_file()) run(entry.path());
        }
    }
    std::cout << inputs << " inputs\n";
    return inputs > 0 ? 0 : 1;  // a folder that is missing or empty proves nothing
}
