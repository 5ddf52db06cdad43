// Reads the address of a page from a text that an app passes or a query holds.

/** Undefined where the text is no URL. */
export function addressOf(text: unknown, base?: string): URL | undefined {
  try {
    return new URL(String(text), base);
  } catch {
    return undefined;
  }
}
