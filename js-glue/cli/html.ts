// Composes a hub's page from the page's template, the configuration, and the names of its two files: the script and the
// WebAssembly module. Decides these names and how the configuration is kept from breaking out of its element; knows nothing of
// what is in any of them.

import { createHash } from 'node:crypto';

export type HubParts = {
  /** With the placeholders {{config}} and {{sameSite}}, once each, and {{module}} and {{script}}. */
  readonly template: string;
  readonly script: string;
  readonly wasm: Uint8Array;
  /** JSON text: PROTOCOL.md §5. */
  readonly config: string;
  /** What the hub marks its cookie with, where it keeps the record in one. */
  readonly sameSite: SameSite;
};

/** `None`: an app of another site shall read it, when the user has agreed. */
export type SameSite = 'Strict' | 'None';

export type HubPage = {
  readonly html: string;
  /** File names, relative to the page. */
  readonly scriptName: string;
  readonly moduleName: string;
};

/** Of a SHA-256, in hexadecimal digits: far more than it takes to tell two releases apart. */
const hashDigits = 16;

/** Files of this or an earlier build, which pages may load. */
export const hashedName = new RegExp(`^hub\\.[0-9a-f]{${hashDigits}}\\.(js|wasm)$`);

/** Throws when the parts cannot make a page; they come with the package, so that is no fault of the user's. */
export function composeHub({ template, script, wasm, config, sameSite }: HubParts): HubPage {
  const scriptName = nameOf(script, 'js');
  const moduleName = nameOf(wasm, 'wasm');
  const texts = { config: escapeJson(config), module: moduleName, script: scriptName, sameSite };
  for (const name of Object.keys(texts)) {
    const count = template.split(`{{${name}}}`).length - 1;
    if (count === 0 || ((name === 'config' || name === 'sameSite') && count > 1))
      throw new Error(`The hub's template has the placeholder {{${name}}} ${count} times.`);
  }
  // One pass, so that a placeholder or a `$&` inside the configuration stays what it is.
  const html = template.replace(
    /\{\{(config|module|script|sameSite)\}\}/g,
    (_, name: keyof typeof texts) => texts[name],
  );
  return { html, scriptName, moduleName };
}

/** A file named by its content never changes, so that browsers may keep it for good, and with it its compiled code. */
function nameOf(content: string | Uint8Array, ending: 'js' | 'wasm'): string {
  return `hub.${createHash('sha256').update(content).digest('hex').slice(0, hashDigits)}.${ending}`;
}

/** In JSON, `<` stands only inside texts, where an escape means the same. */
function escapeJson(text: string): string {
  return text.replaceAll('<', '\\u003c');
}
