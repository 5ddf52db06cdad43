// VitePress refuses a link to a page that does not exist; this refuses one to a heading that does not exist.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

type Page = { readonly path: string; readonly ids: ReadonlySet<string>; readonly links: readonly string[] };

/** Throws if a page of the built site links to a heading that is not there. */
export function checkAnchors(folder: string): void {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.html'))
    .map((path) => pageOf(path, readFileSync(join(folder, path), 'utf8')));
  const byPath = new Map(pages.map((page) => [`/${page.path}`.replace(/index\.html$/, ''), page]));
  const dead = pages.flatMap((page) =>
    page.links
      .filter((link) => !isThere(link, page, byPath))
      .map((link) => `${page.path} links to ${decodeURIComponent(link)}`),
  );
  if (dead.length > 0) throw new Error(`No heading for these links:\n${dead.join('\n')}`);
}

const pageOf = (path: string, html: string): Page => ({
  path,
  ids: new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id ?? '')),
  links: [...html.matchAll(/ href="([^":]*#[^"]+)"/g)].map(([, href]) => href ?? ''),
});

function isThere(link: string, from: Page, pages: ReadonlyMap<string, Page>): boolean {
  const [path = '', hash = ''] = link.split('#');
  const page = path === '' ? from : pages.get(path);
  return page?.ids.has(decodeURIComponent(hash)) ?? false;
}
