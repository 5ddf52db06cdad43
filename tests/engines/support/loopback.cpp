// Preloaded into WebKitGTK, which can be given no names: every host under `.com` is this machine. (libnss_wrapper fails
// now and then when many threads ask at once.)

#include <dlfcn.h>
#include <netdb.h>

#include <string_view>

// The C library's declaration decides about the names.
extern "C" int getaddrinfo(const char* node, const char* port, const addrinfo* hints, addrinfo** result) {
    static const auto real = reinterpret_cast<decltype(&getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
    const bool is_ours = node != nullptr && std::string_view(node).ends_with(".com");
    return real(is_ours ? "127.0.0.1" : node, port, hints, result);
}
