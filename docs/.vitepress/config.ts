// The documentation site. `npm run docs` serves it, `npm run docs:build` writes it to build/docs.

import { defineConfig } from 'vitepress';
import { checkAnchors } from './anchors.js';
import { relink } from './links.js';
import { writeLlms } from './llms.js';
import { hasParts, slugOf } from './places.js';
import { checkSearch } from './search.js';
import { referenceSidebar, sidebar } from './sidebar.js';

const title = 'Lockstep';
const description = 'One sign-in session for every tab and every micro-app, across origins, without polling.';

export default defineConfig({
  title,
  description,
  lang: 'en',
  outDir: '../build/docs',
  cacheDir: '../build/docs-cache',
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: '/favicon.svg' }]],
  markdown: {
    anchor: { slugify: slugOf },
    config: relink,
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  themeConfig: {
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Guides', link: '/adapters' },
      { text: 'Reference', link: '/reference/' },
      { text: 'Security', link: '/security' },
    ],
    sidebar: { '/': sidebar(), '/reference/': [...referenceSidebar(), ...sidebar()] },
    outline: [2, 3],
    search: { provider: 'local' },
  },
  transformPageData({ relativePath, frontmatter }) {
    // The table of the comparison needs the room; beside a page without parts there is nothing to show.
    if (relativePath === 'comparison.md' || !hasParts(`docs/${relativePath}`)) frontmatter.aside = false;
  },
  buildEnd({ outDir }) {
    checkAnchors(outDir);
    checkSearch(outDir);
    writeLlms(outDir, title, description);
  },
});
