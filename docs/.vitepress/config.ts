// The documentation site. `npm run docs` serves it, `npm run docs:build` writes it to build/docs.

import { defineConfig } from 'vitepress';
import { checkAnchors } from './anchors.js';
import { relink } from './links.js';
import { writeLlms } from './llms.js';
import { slugOf } from './places.js';
import { referenceSidebar, sidebar } from './sidebar.js';

const title = 'Lockstep';
const description = 'One sign-in session for every tab and every micro-app, across origins, without polling.';

export default defineConfig({
  title,
  description,
  lang: 'en',
  outDir: '../build/docs',
  cacheDir: '../build/docs-cache',
  markdown: { anchor: { slugify: slugOf }, config: relink },
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
    // Its table needs the room.
    if (relativePath === 'comparison.md') frontmatter.aside = false;
  },
  buildEnd({ outDir }) {
    checkAnchors(outDir);
    writeLlms(outDir, title, description);
  },
});
