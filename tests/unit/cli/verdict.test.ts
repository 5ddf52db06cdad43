// What each browser will do with an app, in words: never a session shared where the browser splits storage.

import { expect, test } from 'vitest';
import { build, configText } from './parts.js';

const all = 'all same-site apps';

test.each([
  // hub, app, relation, Chromium, Firefox
  ['https://hub.acme.com/', 'https://portal.acme.com', 'same-site', all, all],
  ['https://hub.acme.com/', 'https://acme.com:8443', 'same-site', all, all],
  ['https://hub.acme.com/', 'https://*.preview.acme.com', 'same-site', all, all],
  ['https://hub.acme.com/', 'https://hub.acme.com', 'same-site', all, all],
  [
    'https://hub.acme.com/',
    'https://app.acme-other.com',
    'cross-site',
    'tabs under https://acme-other.com',
    'tabs under https://acme-other.com',
  ],
  [
    'https://hub.acme.com/',
    'https://*.acme-other.com',
    'cross-site',
    'tabs under https://acme-other.com',
    'tabs under https://acme-other.com',
  ],
  [
    'https://hub.acme.com/',
    'https://acme.com.evil.com',
    'cross-site',
    'tabs under https://evil.com',
    'tabs under https://evil.com',
  ],
  ['https://hub.acme.com/', 'http://portal.acme.com', 'other-scheme', 'tabs under http://acme.com', all],
  ['https://hub.acme.co.uk/', 'https://portal.acme.co.uk', 'same-site', all, all],
  [
    'https://hub.acme.co.uk/',
    'https://portal.other.co.uk',
    'cross-site',
    'tabs under https://other.co.uk',
    'tabs under https://other.co.uk',
  ],
  ['https://acme.github.io/', 'https://x.acme.github.io', 'same-site', all, all],
  [
    'https://acme.github.io/',
    'https://other.github.io',
    'cross-site',
    'tabs under https://other.github.io',
    'tabs under https://other.github.io',
  ],
  ['http://127.0.0.1:4000/', 'http://127.0.0.1:4001', 'same-site', all, all],
  [
    'http://127.0.0.1:4000/',
    'http://127.0.0.2:4001',
    'cross-site',
    'tabs under http://127.0.0.2',
    'tabs under http://127.0.0.2',
  ],
  [
    'http://127.0.0.1:4000/',
    'http://localhost:4001',
    'cross-site',
    'tabs under http://localhost',
    'tabs under http://localhost',
  ],
  ['http://localhost:4000/', 'http://localhost:4001', 'same-site', all, all],
  [
    'http://localhost:4000/',
    'http://a.localhost:4001',
    'cross-site',
    'tabs under http://a.localhost',
    'tabs under http://a.localhost',
  ],
  ['http://hub.app.localhost:4000/', 'http://a.app.localhost:4001', 'same-site', all, all],
  [
    'http://hub.app.localhost:4000/',
    'http://c.other.localhost:4001',
    'cross-site',
    'tabs under http://other.localhost',
    'tabs under http://other.localhost',
  ],
])('%s and %s: %s', (hub, app, relation, chromium, firefox) => {
  expect(build(configText([app], hub)).verdicts).toEqual([
    expect.objectContaining({ origin: app, relation, chromium, firefox, webkit: 'tabs of the same origin' }),
  ]);
});
