// Links between documents are written for whoever reads them in the repository. On the site they lead to the page that
// shows the same text, and say its title where the document says a file's name; a file that no page shows is named
// without a link.

import type { MarkdownOptions } from 'vitepress';
import { isOfReadme, placesOf, targetOf, titlesOf } from './places.js';

type MarkdownIt = Parameters<NonNullable<MarkdownOptions['config']>>[0];
type Token = ReturnType<MarkdownIt['parse']>[number];

/** For `markdown.config` of VitePress. */
export function relink(markdown: MarkdownIt): void {
  const places = placesOf();
  const titles = titlesOf();
  markdown.core.ruler.push('lockstep-links', ({ tokens, env }) => {
    const page = `docs/${env.relativePath}`;
    for (const { children } of tokens) if (children) relinkInline(children, page, places, titles);
  });
  // Before headings get their anchors. A part of README that has subsections has no heading between them and the title.
  markdown.core.ruler.before('anchor', 'lockstep-headings', ({ tokens }) => {
    if (tokens.some(({ tag }) => tag === 'h2')) return;
    for (const token of tokens) if (token.tag === 'h3') token.tag = 'h2';
  });
}

function relinkInline(
  tokens: Token[],
  page: string,
  places: ReadonlyMap<string, string>,
  titles: ReadonlyMap<string, string>,
): void {
  const unlinked: Token[] = [];
  for (const [index, token] of tokens.entries()) {
    const href = token.type === 'link_open' ? token.attrGet('href') : null;
    // A heading's link to itself stays: the search finds a part of a page by it.
    if (href === null || /^(\w+:|\/)/.test(href) || token.attrGet('class') === 'header-anchor') continue;
    const address = addressFor(href, page, places);
    if (address !== undefined) {
      token.attrSet('href', address);
      const text = tokens[index + 1];
      const title = titles.get(address.replace(/#.*/, ''));
      if (title !== undefined && text?.type === 'text' && /^[\w./-]+\.md$/.test(text.content)) text.content = title;
    } else
      unlinked.push(
        token,
        ...tokens
          .slice(index)
          .filter(({ type }) => type === 'link_close')
          .slice(0, 1),
      );
  }
  const kept = tokens.filter((token) => !unlinked.includes(token));
  tokens.splice(0, tokens.length, ...kept);
}

/** Undefined for a file that no page shows. A link to nothing stays as it is, and VitePress refuses it. */
function addressFor(href: string, page: string, places: ReadonlyMap<string, string>): string | undefined {
  const [path = '', hash] = href.split('#');
  if (path === '') return isOfReadme(page) ? (places.get(`README.md#${hash}`) ?? href) : href;
  const target = targetOf(page, path);
  if (!target) return href;
  if (target === 'README.md') return hash ? (places.get(`README.md#${hash}`) ?? `/no-page-shows-this#${hash}`) : '/';
  const address = places.get(target);
  return address === undefined ? undefined : address + (hash ? `#${hash}` : '');
}
