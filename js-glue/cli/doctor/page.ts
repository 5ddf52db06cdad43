// Reads a page as `lockstep build` writes it (PROTOCOL.md §5), or says that it is none. Reads by the marks that the client looks for, too;
// a page whose marks were rewritten on the way is one that the client does not know.

export type HubPage = {
  /** As it stands in the page. */
  readonly configText: string;
  /** File names, without a path. */
  readonly scripts: readonly string[];
  readonly modules: readonly string[];
};

export function readPage(html: string): HubPage | undefined {
  if (!html.includes('name="lockstep-hub"')) return undefined;
  const named = (ending: string) => [...new Set(html.match(new RegExp(`hub\\.[0-9a-f]{16}\\.${ending}\\b`, 'g')))];
  return {
    configText: /<script type="application\/json"[^>]* id="config">(.*?)<\/script>/s.exec(html)?.[1] ?? '',
    scripts: named('js'),
    modules: named('wasm'),
  };
}
