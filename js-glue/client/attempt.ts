// What the browser may refuse or cannot read: undefined, where it would throw.

export function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
