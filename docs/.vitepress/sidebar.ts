// What the site lists, and in which order. A page needs no line here: one that no group names is listed among the
// guides, under its own heading.

import { addressOf, pages, titleOf } from './places.js';

const groups: readonly (readonly [text: string, names: readonly string[]])[] = [
  ['Start', ['start', 'first-app', 'concepts', 'matrix', 'comparison']],
  ['Login libraries and frameworks', ['adapters', 'react', 'vue', 'svelte', 'angular', 'solid', 'preact', 'lit']],
  [
    'Guides',
    ['login-page', 'duties', 'provider-check', 'push', 'across-sites', 'embedding', 'develop', 'testing', 'migrate'],
  ],
  ['Deploy', ['deploy', 'doctor', 'script-tag', 'release']],
  [
    'Look up',
    ['api', 'reference/index', 'cases', 'engines', 'cost', 'performance', 'security', 'protocol', 'changelog'],
  ],
];

export type Item = { readonly text: string; readonly link: string; readonly page: string };
export type Group = { readonly text: string; readonly items: Item[] };

const itemOf = (page: string): Item => ({ text: titleOf(page), link: addressOf(page), page });
const pageOf = (name: string): string => `docs/${name}.md`;

export function sidebar(): Group[] {
  const named = groups.flatMap(([, names]) => names.map(pageOf));
  const missing = named.filter((page) => !pages.includes(page));
  if (missing.length > 0) throw new Error(`The sidebar names pages that do not exist: ${missing.join(', ')}.`);
  const others = pages.filter((page) => !named.includes(page) && page !== pageOf('index') && !isReference(page));
  return groups.map(([text, names]) => ({
    text,
    items: [...names.map(pageOf), ...(text === 'Guides' ? others : [])].map(itemOf),
  }));
}

/** Beside the pages of the reference. */
export function referenceSidebar(): Group[] {
  const items = pages.filter((page) => isReference(page) && !page.endsWith('/index.md')).map(itemOf);
  return [{ text: 'Reference', items: items.sort((one, other) => one.text.localeCompare(other.text)) }];
}

const isReference = (page: string): boolean => page.startsWith('docs/reference/');
