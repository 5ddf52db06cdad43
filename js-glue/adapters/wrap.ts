// Methods of a login library, wrapped while an adapter is attached. An act of the user goes through them, and a
// renewal does not; a library's events come of both.

type Method = (...given: never[]) => unknown;
type Wrappers<T> = { readonly [K in keyof T as T[K] extends Method ? K : never]?: (original: T[K]) => T[K] };

/**
 * Each row makes what takes the place of a method, which it may call detached. Returns the function that undoes it.
 * Another adapter may have wrapped the method since: then it stays, and only passes on.
 */
export function wrap<T extends object>(library: T, wrappers: Wrappers<T>): () => void {
  const methods = library as Record<string, Method>;
  const rows = wrappers as unknown as Record<string, (original: Method) => Method>;
  const undo = Object.entries(rows).map(([name, wrapper]) => {
    const original = methods[name] as Method;
    const bound: Method = original.bind(library);
    let current = wrapper(bound);
    const ours: Method = (...given) => current(...given);
    methods[name] = ours;
    return () => {
      current = bound;
      if (methods[name] === ours) methods[name] = original;
    };
  });
  return () => {
    for (const restore of undo) restore();
  };
}
