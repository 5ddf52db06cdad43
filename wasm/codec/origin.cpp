// Decides whether a text is an origin as a browser serialises it. What an origin may do is decided in core/config.
#include <algorithm>

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

[[nodiscard]] bool is_port(std::string_view text, unsigned own) {
    const auto port = read_positive(text, 65'535);
    return port && *port != own;
}

}  // namespace

bool is_origin(std::string_view text) {
    if (text.size() > limits::origin_bytes_max) return false;
    const bool secure = text.starts_with("https://");
    if (!secure && !text.starts_with("http://")) return false;
    text.remove_prefix(secure ? 8 : 7);
    const auto host_end = text.find(':', text.starts_with('[') ? std::min(text.find(']'), text.size()) : 0);
    const std::string_view host = text.substr(0, host_end);
    if (host_end != std::string_view::npos && !is_port(text.substr(host_end + 1), secure ? 443 : 80)) return false;
    return is_name(host) || is_ipv6(host);
}

}  // namespace lockstep::codec
