// The text of a record that is in a cookie (PROTOCOL.md §4.2), to be read by a person. C++ writes it, and reads it for
// the hub: wasm/codec/cookie_text.cpp.

/** The phrase of each byte, from 1. */
const phrases = [
  ...['{"format":1,"created":[', '"],"updated":[', '"],"lastEnd":', ',"subject":"', '","sessionId":"'],
  ...['","signedInAt":', ',"signedInAt":', ',"expiresAt":', ',"checkAt":', ',"activeAt":', ',"claims":{'],
  ...[',"duty":{"epoch":[', '"],"state":"claimed","at":', ',"failures":'],
  ...['"],"state":"', '","at":'],
];

/** What is no such text stays as it is. */
export function readable(text: string): string {
  if (text.startsWith('{')) return text;
  try {
    const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
    const written = Array.from(bytes, (byte) => phrases[byte.charCodeAt(0) - 1] ?? byte).join('');
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(written, (byte) => byte.charCodeAt(0)));
  } catch {
    return text;
  }
}
