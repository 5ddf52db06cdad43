// The site shows what the documents say, and links lead to the page that shows it. Whether they lead anywhere is
// checked by the site's build.

import { createMarkdownRenderer } from 'vitepress';
import { expect, test } from 'vitest';
import { relink } from '../../../docs/.vitepress/links.js';
import { hasParts, isOfReadme, pages, placesOf, slugOf, sourceOf, targetOf } from '../../../docs/.vitepress/places.js';
import { notIn } from '../../../docs/.vitepress/search.js';
import { textOf } from './blocks.js';

test('every region of README is shown by a page', () => {
  const regions = [...textOf('README.md').matchAll(/^<!-- #region ([\w-]+) -->$/gm)].map(([, name]) => name ?? '');
  expect(regions.length).toBeGreaterThan(10);
  const shown = pages.map(textOf).join('\n');
  expect(regions.filter((name) => !shown.includes(`<!--@include: ../README.md#${name}-->`))).toEqual([]);
});

test('a part of README is on the page that takes its region', () => {
  const places = placesOf();
  expect(places.get('README.md#across-sites')).toBe('/across-sites');
  expect(places.get('README.md#what-counts-as-an-action')).toBe('/api#what-counts-as-an-action');
  expect(places.get('SECURITY.md')).toBe('/security');
  expect(places.get('docs/react.md')).toBe('/react');
});

test('a page with what it includes is the text for a language model', () => {
  const text = sourceOf('docs/across-sites.md');
  expect(isOfReadme('docs/across-sites.md')).toBe(true);
  expect(text).toContain('put your login page on the site of the hub');
  expect(text).not.toContain('@include');
  expect(text).not.toContain('## The API');
});

test.each([
  ['docs/react.md', 'adapters.md', 'docs/adapters.md'],
  ['docs/performance.md', '../README.md', 'README.md'],
  ['docs/duties.md', 'docs/react.md', 'docs/react.md'],
  ['docs/duties.md', 'nowhere.md', undefined],
  ['docs/duties.md', '../../etc/passwd', undefined],
])('in %s the link %s is %s', (page, path, target) => {
  expect(targetOf(page, path)).toBe(target);
});

test('headings have the anchors that GitHub gives them', () => {
  expect(slugOf('What works where, honestly')).toBe('what-works-where-honestly');
  expect(slugOf('4.7 Several hub versions at once')).toBe('47-several-hub-versions-at-once');
});

/** A page of the site, as VitePress renders it. */
async function htmlOf(page: string, source: string): Promise<string> {
  const renderer = await createMarkdownRenderer('docs', { anchor: { slugify: slugOf }, config: relink });
  return renderer.render(source, { path: `/${page}`, relativePath: page.slice('docs/'.length), cleanUrls: false });
}

test("a heading's link to itself stays, and the search finds the page by it", async () => {
  const html = await htmlOf('docs/develop.md', '# While you develop\n\n[The API](#the-api)');
  expect(html).toContain('class="header-anchor" href="#while-you-develop"');
  expect(html).toContain('href="/api.html"');
});

test('where a document says the name of a file, the site says the title of its page', async () => {
  const source = 'See [docs/push.md](docs/push.md#the-stream), [how](docs/push.md), [C.md](C.md).';
  const html = await htmlOf('docs/start.md', source);
  expect(html).toContain('>Push: revoked anywhere, signed out in every tab</a>');
  expect(html).toContain('>how</a>');
  expect(html).toContain('>C.md</a>');
});

test('the build names a page that the index of the search has no section of', () => {
  const index = '{"documentIds":{"0":"/react.html#react","1":"/develop.html#while-you-develop","2":"/#line"}}';
  const those = ['docs/react.md', 'docs/vue.md', 'docs/index.md', 'docs/develop.md'];
  expect(notIn(JSON.stringify(index), those)).toEqual(['docs/vue.md']);
  expect(notIn(index, those)).toEqual(['docs/vue.md']);
});

test('a page has parts when it has headings below its title, and those in code do not count', () => {
  expect(hasParts('docs/develop.md')).toBe(false);
  expect(hasParts('docs/api.md')).toBe(true);
  expect(hasParts('docs/matrix.md')).toBe(true);
});

// Whoever reads the package's documents without the site sees no more than this line.
test('a page that only shows other documents says where its text is', () => {
  const comments = /<!--.*?-->/gs;
  const only = pages.filter((page) => !/^[^#\s]/m.test(textOf(page).replace(comments, '')));
  expect(only.length).toBeGreaterThan(10);
  for (const page of only) {
    const text = textOf(page);
    const [, document = '', parts = ''] = /<!-- The text is in ([\w.]+)(?:, under (.*))?\. -->/.exec(text) ?? [];
    const [, shown] = /@include: \.\.\/([\w.]+)/.exec(text) ?? [];
    expect(`${page} shows ${document}`).toBe(`${page} shows ${shown}`);
    for (const [, part = ''] of parts.matchAll(/"(.*?)"/g)) {
      expect(placesOf().get(`${document}#${slugOf(part)}`)).toMatch(new RegExp(`^/${page.slice(5, -3)}`));
    }
  }
});
