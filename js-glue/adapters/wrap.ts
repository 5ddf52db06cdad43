// Methods of a login library, wrapped while an adapter is attached. An act of the user goes through them, and a
// renewal does not; a library's events come of both.

type Method = (...given: never[]) => unknown;
type Wrappers<T> = { readonly [K in keyof T as T[K] extends Method ? K : never]?: (original: T[K]) => T[K] };

/** Each row makes what takes the place of a method, which it may call detached. Returns the function that undoes it. */
export function wrap<T extends object>(library: T, wrappers: Wrappers<T>): () => void {
  const methods = library as Record<string, Method>;
  const originals: Record<string, Method> = {};
  for (const [name, wrapper] of Object.entries(wrappers as unknown as Record<string, (original: Method) => Method>)) {
    const original = methods[name] as Method;
    originals[name] = original;
    methods[name] = wrapper(original.bind(library));
  }
  return () => void Object.assign(library, originals);
}
