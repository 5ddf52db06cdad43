// Embind's script, cut to what exports.cpp asks of it: free functions that take numbers, booleans, texts and `emscripten::val`, and answer nothing
// or a `val`. Emscripten's own knows classes, overloads, and types that are registered late; it would be a quarter of the page's script, and in
// the way of every change. The JavaScript side of `val` itself is Emscripten's (emval.js).

mergeInto(LibraryManager.library, {
  // How a value is passed to C++, by the type's address: those that do not cross by themselves, from embind_types.cpp.
  $passes: '={}',
  $valType: '=0',
  _embind_register_emval__deps: ['$Emval', '$passes', '$valType'],
  _embind_register_emval: function (type) {
    valType = type;
    passes[type] = Emval.toHandle;
  },

  // A text of at most so many UTF-16 units: `Text` of crossing.hpp.
  lockstep_register_text__deps: ['$copyText', '$passes'],
  lockstep_register_text: function (type, unitsMax) {
    passes[type] = function (value) {
      return copyText(value, unitsMax);
    };
  },

  $asItIs: function (value) {
    return value;
  },
  // `types` are the result's and the parameters'. Embind calls `target` through `invoker`, which knows its C++ signature.
  // No function of ours has more than three parameters: to gather, to look up and to spread them took longer, cold, than to pass them.
  _embind_register_function__deps: ['$Emval', '$asItIs', '$passes', '$valType', '_emval_decref'],
  _embind_register_function: function (name, count, types, signature, invoker, target) {
    const [result, ...parameters] = HEAPU32.slice(types >> 2, (types >> 2) + count);
    const call = wasmTable.get(invoker);
    const [first, second, third] = [0, 1, 2].map((i) => passes[parameters[i]] ?? asItIs);
    Module[UTF8ToString(name)] = function (a, b, c) {
      const answer = call(target, first(a), second(b), third(c));
      if (result !== valType) return;
      const value = Emval.toValue(answer);
      __emval_decref(answer);
      return value;
    };
  },

  // What emval.js asks for.
  $readLatin1String: function (text) {
    return UTF8ToString(text);
  },
  $throwBindingError: function (message) {
    throw new TypeError(message);
  },
});
