// Embind's script, cut to what exports.cpp asks of it: free functions whose parameters are numbers, booleans and `emscripten::val`. Emscripten's
// own knows classes, overloads, and types that are registered late; it would be a fifth of the page's script, and in the way of every change.
// The JavaScript side of `val` itself is Emscripten's (emval.js).

mergeInto(LibraryManager.library, {
  // Of the one type that does not cross by itself; from embind_types.cpp.
  $valType: '0',
  _embind_register_emval__deps: ['$valType'],
  _embind_register_emval: function (type) {
    valType = type;
  },

  // `types` are the result's and the parameters'. Embind calls `target` through `invoker`, which knows its C++ signature.
  _embind_register_function__deps: ['$Emval', '$valType', '_emval_decref'],
  _embind_register_function: function (name, count, types, signature, invoker, target) {
    const [result, ...parameters] = HEAPU32.slice(types >> 2, (types >> 2) + count);
    const call = wasmTable.get(invoker);
    const pass = (value, i) => (parameters[i] === valType ? Emval.toHandle(value) : value);
    // No function here takes more than three.
    Module[UTF8ToString(name)] = function (first, second, third) {
      const answer = call(target, pass(first, 0), pass(second, 1), pass(third, 2));
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
