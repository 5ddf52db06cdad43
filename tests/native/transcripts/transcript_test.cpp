// Every transcript, replayed natively. With LOCKSTEP_REWRITE=1 the stories are written anew, to be read and accepted.
#include "tests/native/transcripts/transcript.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("every transcript tells the same story", "[transcript]") {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(LOCKSTEP_TRANSCRIPTS_DIR)) {
        if (entry.path().extension() != ".txt") continue;
        const std::string text = text_of(entry.path());
        const std::string story = lockstep::test::replayed(text);
        if (std::getenv("LOCKSTEP_REWRITE") != nullptr) std::ofstream(entry.path()) << story;
        INFO(entry.path().filename().string());
        CHECK((std::getenv("LOCKSTEP_REWRITE") != nullptr || story == text));
        ++count;
    }
    CHECK(count >= 13);
}
