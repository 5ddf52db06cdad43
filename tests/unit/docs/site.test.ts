// The site shows what the documents say, and links lead to the page that shows it. Whether they lead anywhere is
// checked by the site's build.

import { expect, test } from 'vitest';
import { isOfReadme, pages, placesOf, slugOf, sourceOf, targetOf } from '../../../docs/.vitepress/places.js';
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
