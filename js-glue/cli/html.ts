// Composes the one HTML file of a hub from the page's template, its script, the WebAssembly module and the
// configuration. Decides how each is kept from breaking out of its element; knows nothing of what is in them.

import { createHash } from 'node:crypto';

export type HubParts = {
  /** With the placeholders {{config}}, {{module}} and {{script}}, each once. */
  readonly template: string;
  /** A classic script. */
  readonly script: string;
  readonly wasm: Uint8Array;
  /** JSON text: PROTOCOL.md §5. */
  readonly config: string;
};

export type HubPage = {
  readonly html: string;
  /** The script's source expression for a Content-Security-Policy, with its quotes. */
  readonly scriptHash: string;
};

const placeholders = ['config', 'module', 'script'] as const;

/** Throws when the parts cannot make a page; they come with the package, so that is no fault of the user's. */
export function composeHub(parts: HubParts): HubPage {
  const template = newlines(parts.template);
  for (const name of placeholders) {
    const count = template.split(`{{${name}}}`).length - 1;
    if (count !== 1)
      throw new Error(`The hub's template has the placeholder {{${name}}} ${count} times instead of once.`);
  }
  const script = newlines(parts.script);
  // These end the element or change how the rest of it is read, wherever they stand, even in a text or a comment.
  const breaking = /<\/script|<!--|\0/i.exec(script)?.[0];
  if (breaking !== undefined)
    throw new Error(`The hub's script contains ${JSON.stringify(breaking)}, which HTML would misread.`);

  const texts = { config: escapeJson(parts.config), module: moduleText(parts.wasm), script };
  // One pass, so that a placeholder or a `$&` inside a part stays what it is.
  const html = template.replace(/\{\{(config|module|script)\}\}/g, (_, name: keyof typeof texts) => texts[name]);
  return { html, scriptHash: hashOf(elementText(template, script)) };
}

/** In JSON, `<` stands only inside texts, where an escape means the same. */
function escapeJson(text: string): string {
  return text.replaceAll('<', '\\u003c');
}

/**
 * One character a byte, which compresses far better than base64 (a quarter of the module's transfer). Of the three bytes that HTML
 * would not keep inside an element, CR and `<` stand 256 higher. NUL, a tenth of a module, stands as DEL, so that it stays one byte
 * of UTF-8, and DEL stands 256 higher. bridge-html/module_text.ts reads it.
 */
function moduleText(wasm: Uint8Array): string {
  return Array.from(wasm, (byte) => {
    if (byte === 0x00) return '\x7f';
    return String.fromCharCode(byte === 0x0d || byte === 0x3c || byte === 0x7f ? byte + 0x100 : byte);
  }).join('');
}

// An HTML parser turns every line end into a line feed before the browser hashes a script.
function newlines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** The exact text between the tags around {{script}}: the template may add spaces, and the browser hashes those too. */
function elementText(template: string, script: string): string {
  const [, before, after] = /<script[^>]*>([^<]*)\{\{script\}\}([^<]*)<\/script>/i.exec(template) ?? [];
  if (before === undefined || after === undefined)
    throw new Error("The hub's template has {{script}} outside a script element.");
  return before + script + after;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}
