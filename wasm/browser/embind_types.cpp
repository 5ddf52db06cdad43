// Embind's registration of built-in types, cut to the five that exports.cpp uses. Emscripten's own file registers thirty, wide
// strings and memory views among them, and brings printf along for a text that is never read: together a tenth of the module.
#include <emscripten.h>
#include <emscripten/bind.h>

#include <cstring>
#include <limits>

namespace {

template <class T>
void register_integer(const char* name) {
    emscripten::internal::_embind_register_integer(emscripten::internal::TypeID<T>::get(), name, sizeof(T), std::numeric_limits<T>::min(),
                                                   std::numeric_limits<T>::max());
}

}  // namespace

extern "C" {

// Nobody asks at run time of what class an exception is: none is ever thrown. The library's exceptions still name these two tables, and
// with them would come all that answers such questions, a fiftieth of the module.
extern const void* const class_type_info[] __asm__("_ZTVN10__cxxabiv117__class_type_infoE");
extern const void* const si_class_type_info[] __asm__("_ZTVN10__cxxabiv120__si_class_type_infoE");
[[gnu::used]] const void* const class_type_info[8] = {};
[[gnu::used]] const void* const si_class_type_info[8] = {};

// Embind asks for the name of a type it does not know, to say so in an exception. Every type here is known.
EMSCRIPTEN_KEEPALIVE const char* __getTypeName(const void*) { return strdup("unknown"); }

EMSCRIPTEN_KEEPALIVE __attribute__((constructor)) void __embind_register_native_and_builtin_types() {
    using namespace emscripten::internal;
    _embind_register_void(TypeID<void>::get(), "void");
    _embind_register_bool(TypeID<bool>::get(), "bool", sizeof(bool), true, false);
    register_integer<int>("int");
    register_integer<unsigned>("unsigned int");
    _embind_register_emval(TypeID<emscripten::val>::get(), "emscripten::val");
}
}
