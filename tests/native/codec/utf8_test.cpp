// JavaScript's texts as UTF-8, against the examples of the Unicode standard's table of well-formed sequences.
#include "wasm/codec/utf8.hpp"

#include <catch2/catch.hpp>

namespace lockstep::codec {

TEST_CASE("every length of a UTF-8 sequence is written, at both of its ends", "[codec][utf8]") {
    CHECK(utf8_of(u"") == "");
    CHECK(utf8_of(std::u16string_view(u"\0", 1)) == std::string(1, '\0'));
    CHECK(utf8_of(u"Zo\u00EB \u007F\u0080\u07FF\u0800\uD7FF\uE000\uFFFF") ==
          "Zo\xC3\xAB \x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF");
    CHECK(utf8_of(u"\U00010000\U0001F600\U0010FFFF") == "\xF0\x90\x80\x80\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF");
}

TEST_CASE("a text with a lone surrogate is refused as a whole", "[codec][utf8]") {
    constexpr char16_t high = 0xD83D;
    constexpr char16_t low = 0xDE00;
    for (const std::u16string& text : {std::u16string{high}, std::u16string{low}, std::u16string{u'a', high, u'b'},
                                       std::u16string{low, high}, std::u16string{high, high, low}}) {
        CHECK_FALSE(utf8_of(text).has_value());
    }
    CHECK(utf8_of(std::u16string{high, low}) == "\xF0\x9F\x98\x80");
}

}  // namespace lockstep::codec
