// The hub's page, composed and read back. `npm run build` has put script and module into the template; what depends on
// the owner's configuration is put in here. Decides how the configuration is kept from breaking out of its element;
// knows nothing of what it says.

import { createHash } from 'node:crypto';

export type HubParts = {
  /**
   * The page with its script and its module, and with the placeholders {{policy}}, {{sameSite}}, {{config}},
   * {{ask}} and {{inspect}}, once each.
   */
  readonly template: string;
  /** JSON text: PROTOCOL.md §5. */
  readonly config: string;
  /** What the hub marks its cookie with, where it keeps the record in one. */
  readonly sameSite: SameSite;
  /** As much of the Content-Security-Policy as a page can say of itself. */
  readonly policy: string;
  /** Of a hub that asks the provider. */
  readonly asking?: Asking;
  /** The script that reports to an inspector; empty where nobody may inspect. */
  readonly inspect: string;
};

/** What asks the provider, and the hash of the script of the page to which it sends back: `sha256-…`. */
export type Asking = { readonly ask: string; readonly callback: string };

/** `None`: an app of another site shall read it, when the user has agreed. */
export type SameSite = 'Strict' | 'None';

/** What a deployed page or a template holds, unchanged. */
export type HubPage = {
  readonly config: string;
  readonly script: string;
  readonly module: string;
  /** Of the file that the page loads where WebAssembly does not run: `sha256-…`. */
  readonly fallback: string;
  /** What reports to an inspector; empty where nobody may inspect. */
  readonly inspect: string;
  /** The version of Lockstep that the page names. */
  readonly version: string | undefined;
  readonly asking?: Asking;
};

/** Throws when the template cannot make a page; it comes with the package, so that is no fault of the user's. */
export function composeHub({ template, config, sameSite, policy, asking, inspect }: HubParts): string {
  const texts = {
    config: escapeJson(config),
    sameSite,
    policy,
    ask: asking ? `<script data-callback="${asking.callback}" id="ask">${asking.ask}</script>\n` : '',
    inspect: inspect && `<script id="inspect">${inspect}</script>\n`,
  };
  for (const name of Object.keys(texts)) {
    const count = template.split(`{{${name}}}`).length - 1;
    if (count !== 1) throw new Error(`The hub's template has the placeholder {{${name}}} ${count} times.`);
  }
  // One pass, so that a placeholder or a `$&` inside the configuration stays what it is.
  return template.replace(
    /\{\{(config|sameSite|policy|ask|inspect)\}\}/g,
    (_, name: keyof typeof texts) => texts[name],
  );
}

/**
 * Undefined: the page is no hub. It is known by the mark that the client looks for, too, so that a page whose mark was
 * rewritten on the way is one that the client does not know either.
 */
export function readHub(html: string): HubPage | undefined {
  if (!html.includes('name="lockstep-hub"')) return undefined;
  const ask = between(html, ' id="ask">', '</script>');
  return {
    config: between(html, ' id="config">', '</script>'),
    module: between(html, ' id="module">', '</script>'),
    fallback: between(html, ' data-fallback="', '"'),
    inspect: between(html, ' id="inspect">', '</script>'),
    script: between(html, '<script>', '</script>'),
    version: between(html, '<meta name="generator" content="Lockstep ', '">') || undefined,
    ...(ask !== '' && { asking: { ask, callback: between(html, ' data-callback="', '"') } }),
  };
}

/** The hash of the one script of a callback page. */
export function callbackHash(html: string): string {
  return hashOf(between(html, '<script>', '</script>'));
}

/** Content Security Policy Level 3 §2.3.1: the source expressions that allow the scripts of a page, and no others. */
export function scriptSources({
  script,
  fallback,
  asking,
  inspect,
}: Pick<HubPage, 'script' | 'fallback' | 'asking' | 'inspect'>): string {
  // Hosts that give one set of headers to the whole folder give the callback page that of the hub.
  const others = [fallback, ...(asking ? [hashOf(asking.ask), asking.callback] : []), inspect && hashOf(inspect)];
  return [hashSource(script), ...others.filter((hash) => hash !== '').map((hash) => `'${hash}'`)].join(' ');
}

export function hashSource(script: string): string {
  return `'${hashOf(script)}'`;
}

export function hashOf(text: string | Uint8Array): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Subresource Integrity §3.1: the hash by which a page knows a script that it loads from elsewhere. */
export function integrityOf(script: string): string {
  return `sha384-${createHash('sha384').update(script).digest('base64')}`;
}

/** Looks at each character a fixed number of times, whatever a server has put into its page. */
function between(html: string, start: string, end: string): string {
  const at = html.indexOf(start);
  const from = at + start.length;
  const to = html.indexOf(end, from);
  return at < 0 || to < 0 ? '' : html.slice(from, to);
}

/** In JSON, `<` occurs only inside texts, where an escape means the same. */
function escapeJson(text: string): string {
  return text.replaceAll('<', '\\u003c');
}
