// The address of a page, out of what an app or a query says.

/** Undefined when it is none. */
export function addressOf(text: string | URL, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return;
  }
}
