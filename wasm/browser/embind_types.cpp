// Embind's registration of built-in types, cut to the one that does not cross by itself. Emscripten's own file registers thirty, wide
// strings and memory views among them, and brings printf along for a text that is never read: together a tenth of the module.
#include <emscripten.h>
#include <emscripten/bind.h>

extern "C" {

// Nobody asks at run time of what class an exception is: none is ever thrown. The library's exceptions still name these two tables, and
// with them would come all that answers such questions, a fiftieth of the module.
extern const void* const class_type_info[] __asm__("_ZTVN10__cxxabiv117__class_type_infoE");
extern const void* const si_class_type_info[] __asm__("_ZTVN10__cxxabiv120__si_class_type_infoE");
[[gnu::used]] const void* const class_type_info[8] = {};
[[gnu::used]] const void* const si_class_type_info[8] = {};

// Embind asks for the name of a type it does not know, to say so in an exception. Every type here is known.
EMSCRIPTEN_KEEPALIVE __attribute__((constructor)) void __embind_register_native_and_builtin_types() {
    emscripten::internal::_embind_register_emval(emscripten::internal::TypeID<emscripten::val>::get(), "emscripten::val");
}
}
