// Links between documents are written for whoever reads them in the repository. On the site they lead to the page that
// shows the same text; a file that no page shows is named without a link.

import type { MarkdownOptions } from 'vitepress';
import { isOfReadme, placesOf, targetOf } from './places.js';

type MarkdownIt = Parameters<NonNullable<MarkdownOptions['config']>>[0];
type Token = ReturnType<MarkdownIt['parse']>[number];

/** For `markdown.config` of VitePress. */
export function relink(markdown: MarkdownIt): void {
  const places = placesOf();
  markdown.core.ruler.push('lockstep-links', ({ tokens, env }) => {
    const page = `docs/${env.relativePath}`;
    for (const { children } of tokens) if (children) relinkInline(children, page, places);
  });
  // Before headings get their anchors. A part of README that has subsections has no heading between them and the title.
  markdown.core.ruler.before('anchor', 'lockstep-headings', ({ tokens }) => {
    if (tokens.some(({ tag }) => tag === 'h2')) return;
    for (const token of tokens) if (token.tag === 'h3') token.tag = 'h2';
  });
}

function relinkInline(tokens: Token[], page: string, places: ReadonlyMap<string, string>): void {
  const unlinked: Token[] = [];
  for (const [index, token] of tokens.entries()) {
    const href = token.type === 'link_open' ? token.attrGet('href') : null;
    if (href === null || /^(\w+:|\/)/.test(href)) continue;
    const address = addressFor(href, page, places);
    if (address !== undefined) token.attrSet('href', address);
    else
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
