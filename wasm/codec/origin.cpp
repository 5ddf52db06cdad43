// Decides whether a text is an origin as a browser serialises it. What an origin may do is decided in core/config.
#include <algorithm>
#include <array>

#include "wasm/codec/config.hpp"
#include "wasm/codec/digits.hpp"
#include "wasm/core/limits.hpp"

namespace lockstep::codec {
namespace {

[[nodiscard]] bool is_label_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

[[nodiscard]] bool is_name(std::string_view host) {
    bool in_label = false;
    for (const char c : host) {
        if (c == '.' ? !in_label : !is_label_char(c)) return false;
        in_label = c != '.';
    }
    return in_label;
}

// `[::1]`: only its characters are checked, since an entry matches the same text alone.
[[nodiscard]] bool is_ipv6(std::string_view host) {
    if (host.size() < 4 || host.front() != '[' || host.back() != ']') return false;
    return std::all_of(host.begin() + 1, host.end() - 1,
                       [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.'; });
}

// `own`: what the scheme has by itself, which is never written; 0 where it has none.
[[nodiscard]] bool is_port(std::string_view text, unsigned own) {
    const auto port = read_positive(text, 65'535);
    return port && *port != own;
}

// RFC 3986 §3.1, in lower case, as URL parsers write it.
[[nodiscard]] bool is_scheme(std::string_view text) {
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !text.empty() && is_letter(text.front()) && std::all_of(text.begin(), text.end(), [&](char c) {
        return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    });
}

// A page of one of these has the origin of another page, an opaque one, or there is no page of it at all.
constexpr std::array<std::string_view, 9> schemes_without_origin{"about", "blob",       "data", "file", "filesystem",
                                                                 "ftp",   "javascript", "ws",   "wss"};

// `capacitor://localhost`, `app://-`: pages of a native shell or an extension. Only the shell gives its host a meaning.
[[nodiscard]] bool is_origin_of_own_scheme(std::string_view text) {
    const auto scheme = text.substr(0, text.find("://"));
    if (scheme.size() == text.size() || !is_scheme(scheme) || scheme == "http" || scheme == "https") return false;
    const auto& without = schemes_without_origin;
    if (std::find(without.begin(), without.end(), scheme) != without.end()) return false;
    text.remove_prefix(scheme.size() + 3);
    const std::string_view host = text.substr(0, text.find(':'));
    if (host.size() != text.size() && !is_port(text.substr(host.size() + 1), 0)) return false;
    return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) { return c == '.' || is_label_char(c); });
}

}  // namespace

bool is_web_origin(std::string_view text) {
    if (text.size() > limits::origin_bytes_max) return false;
    const bool secure = text.starts_with("https://");
    if (!secure && !text.starts_with("http://")) return false;
    text.remove_prefix(secure ? 8 : 7);
    const auto host_end = text.find(':', text.starts_with('[') ? std::min(text.find(']'), text.size()) : 0);
    const std::string_view host = text.substr(0, host_end);
    if (host_end != std::string_view::npos && !is_port(text.substr(host_end + 1), secure ? 443 : 80)) return false;
    return is_name(host) || is_ipv6(host);
}

bool is_origin(std::string_view text) {
    return is_web_origin(text) || (text.size() <= limits::origin_bytes_max && is_origin_of_own_scheme(text));
}

}  // namespace lockstep::codec
