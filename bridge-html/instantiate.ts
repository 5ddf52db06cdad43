// Stands in for WebAssembly.instantiate, which Emscripten's minimal runtime calls (scripts/bundle.mjs puts it there). To instantiate
// at once saves a turn of the event loop before the app is answered, and a refusal is thrown at the caller, where the runtime would
// lose it.

export function instantiateAtOnce(
  compiled: WebAssembly.Module,
  imports: WebAssembly.Imports,
): Promise<WebAssembly.Instance> {
  return Promise.resolve(new WebAssembly.Instance(compiled, imports));
}
