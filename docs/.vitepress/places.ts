// Where each document of the repository is on the site. README stays the source of what it says: a page of the site
// takes a region of it (`<!--@include: ../README.md#across-sites-->`), and what links to that part of README leads to
// that page.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

function isThere(path: string): boolean {
  return existsSync(join(root, path));
}

/** The anchor of a heading, as GitHub makes it: the documents are read there, too. */
export const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

const include = /<!--\s*@include:\s*\.\.\/([\w./-]+?\.md)(?:#([\w-]+))?\s*-->/g;
const heading = /^(#+) (.*)$/;

/** Of the site, as paths of the repository: `docs/react.md`. */
export const pages: readonly string[] = ['docs', 'docs/reference'].filter(isThere).flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`),
);

/** `docs/react.md` is `/react`. */
export const addressOf = (page: string): string => page.replace(/^docs/, '').replace(/(index)?\.md$/, '');

/** The page's own heading, or that of the document that it includes. */
export function titleOf(page: string): string {
  const text = textOf(page);
  const [, own] = /^# (.*)$/m.exec(text) ?? [];
  if (own) return own;
  const [, included] = [...text.matchAll(include)][0] ?? [];
  if (included) return titleOf(included);
  throw new Error(`${page} has no heading.`);
}

/** The address of a page → its title. */
export const titlesOf = (): ReadonlyMap<string, string> =>
  new Map(pages.filter((page) => page !== 'docs/index.md').map((page) => [addressOf(page), titleOf(page)]));

/** A page has headings below its title, so there is something to list beside it. */
export const hasParts = (page: string): boolean => /^#{2,3} /m.test(sourceOf(page).replace(/^```.*?^```/gms, ''));

/** A document, or a part of it (`README.md#across-sites`) → the address of the page that shows it. */
export function placesOf(): ReadonlyMap<string, string> {
  const places = new Map(pages.map((page) => [page, addressOf(page)]));
  for (const page of pages) {
    for (const [, document = '', region] of textOf(page).matchAll(include)) {
      if (region) for (const [slug, hash] of partsOf(document, region)) places.set(slug, addressOf(page) + hash);
      else places.set(document, addressOf(page));
    }
  }
  return places;
}

/** The headings of a region, and the one above it, which the page has as its title. */
function partsOf(document: string, region: string): readonly (readonly [part: string, hash: string])[] {
  const lines = textOf(document).split('\n');
  const start = lines.indexOf(`<!-- #region ${region} -->`);
  const end = lines.indexOf(`<!-- #endregion ${region} -->`);
  if (start < 0 || end < start) throw new Error(`${document} has no region ${region}.`);
  const slugs = (from: readonly string[]) =>
    from.flatMap((line) => heading.exec(line)?.[2] ?? []).map((text) => slugOf(text));
  const above = slugs(lines.slice(0, start)).at(-1);
  return [
    ...(above ? [[`${document}#${above}`, ''] as const] : []),
    ...slugs(lines.slice(start, end)).map((slug) => [`${document}#${slug}`, `#${slug}`] as const),
  ];
}

/** What a page links to, as a path of the repository. What a page includes links as its own document does. */
export function targetOf(page: string, path: string): string | undefined {
  const candidates = [posix.join(posix.dirname(page), path), posix.normalize(path)];
  return candidates.find((each) => !each.startsWith('..') && isThere(each));
}

/** A page takes parts of README. */
export const isOfReadme = (page: string): boolean =>
  [...textOf(page).matchAll(include)].some(([, document]) => document === 'README.md');

/** The Markdown of a page, with what it includes. */
export const sourceOf = (page: string): string =>
  textOf(page).replace(include, (_, document: string, region?: string) => {
    const text = textOf(document);
    if (!region) return text;
    const [, part = ''] = text.split(new RegExp(`<!-- #(?:end)?region ${region} -->\n`));
    return part;
  });
