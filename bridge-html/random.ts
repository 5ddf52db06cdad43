import { base64url } from './base64url.js';

/** A text that nobody guesses: 256 bits, as long as an S256 challenge is (RFC 7636 §4.2). */
export function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}
