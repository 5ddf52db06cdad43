// llms.txt: the site for a language model, which reads Markdown (llmstxt.org). Each page is listed with its first
// sentence, and the whole text is one file beside it.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceOf } from './places.js';
import { type Item, sidebar } from './sidebar.js';

/** Writes both files into the folder of the built site. */
export function writeLlms(folder: string, title: string, description: string): void {
  const groups = sidebar();
  const lists = groups.map(({ text, items }) => `## ${text}\n\n${items.map(lineOf).join('\n')}\n`);
  const head = `# ${title}\n\n> ${description}\n\nThe text of all pages: [llms-full.txt](/llms-full.txt)\n`;
  writeFileSync(join(folder, 'llms.txt'), [head, ...lists].join('\n'));
  const texts = groups.flatMap(({ items }) => items.map(({ page }) => sourceOf(page)));
  writeFileSync(join(folder, 'llms-full.txt'), texts.join('\n\n'));
}

function lineOf({ text, link, page }: Item): string {
  const address = link.endsWith('/') ? link : `${link}.html`;
  const sentence = firstSentence(page);
  return `- [${text}](${address})${sentence && `: ${sentence}`}`;
}

/** Of the first paragraph that begins with one; empty where a page begins with something else. */
function firstSentence(page: string): string {
  const paragraph = sourceOf(page)
    .split(/\n\n+/)
    .find((text) => !/^(#|<)/.test(text));
  return /^[A-Z`][^:]{20,}?\.(?=\s|$)/.exec(paragraph?.replaceAll('\n', ' ') ?? '')?.[0] ?? '';
}
