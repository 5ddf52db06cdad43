// Embind's registration of types, cut to those that do not cross by themselves, and with bounded texts in the place of
// std::string. Emscripten's own file registers thirty, wide strings and memory views among them, and brings printf
// along for a text that is never read: together a tenth of the module.
#include <emscripten.h>
#include <emscripten/bind.h>

#include "wasm/browser/interop.hpp"

// embind.js. `type` is what embind knows it by.
extern "C" void lockstep_register_text(emscripten::internal::TYPEID type, unsigned units_max);

namespace {

template <std::size_t UnitsMax>
void register_text(const lockstep::browser::Text<UnitsMax>*) {
    lockstep_register_text(emscripten::internal::TypeID<lockstep::browser::Text<UnitsMax>>::get(), UnitsMax);
}

template <class... Texts>
void register_texts() {
    (register_text(static_cast<Texts*>(nullptr)), ...);
}

}  // namespace

extern "C" {

// Nobody asks at run time of what class an exception is: none is ever thrown. The library's exceptions still name these
// two tables, and with them would come all that answers such questions, a fiftieth of the module.
extern const void* const class_type_info[] __asm__("_ZTVN10__cxxabiv117__class_type_infoE");
extern const void* const si_class_type_info[] __asm__("_ZTVN10__cxxabiv120__si_class_type_infoE");
[[gnu::used]] const void* const class_type_info[8] = {};
[[gnu::used]] const void* const si_class_type_info[8] = {};

// Early (101), since exports.cpp's functions look up how their parameters are passed when they are registered.
EMSCRIPTEN_KEEPALIVE __attribute__((constructor(101))) void __embind_register_native_and_builtin_types() {
    emscripten::internal::_embind_register_emval(emscripten::internal::TypeID<emscripten::val>::get(),
                                                 "emscripten::val");
    using namespace lockstep::browser;
    register_texts<OriginText, MessageText, RecordText, ConfigText>();
}
}
