// What each browser will do with an app, in words: never a session shared where the browser splits storage.

import { expect, test } from 'vitest';
import { build, configText } from './parts.js';

const all = 'all same-site apps';

const own = 'tabs of the same origin';
const gift = ['all apps, or after a click', 'all apps after a click', own] as const;

test.each([
  // hub, app, relation, Chromium, Firefox, WebKit
  ['https://hub.acme.com/', 'https://portal.acme.com', 'same-site', all, all, all],
  ['https://hub.acme.com/', 'https://acme.com:8443', 'same-site', all, all, all],
  ['https://hub.acme.com/', 'https://*.preview.acme.com', 'same-site', all, all, all],
  ['https://hub.acme.com/', 'https://hub.acme.com', 'same-site', all, all, all],
  ['https://hub.acme.com/', 'https://app.acme-other.com', 'cross-site', ...gift],
  ['https://hub.acme.com/', 'https://*.acme-other.com', 'cross-site', ...gift],
  ['https://hub.acme.com/', 'https://acme.com.evil.com', 'cross-site', ...gift],
  ['https://hub.acme.com/', 'http://portal.acme.com', 'other-scheme', ...under('http://acme.com')],
  ['https://hub.acme.com/', 'capacitor://localhost', 'own-scheme', own, own, own],
  ['https://hub.acme.com/', 'app://portal.acme.com', 'own-scheme', own, own, own],
  ['http://localhost:4000/', 'capacitor://localhost', 'own-scheme', own, own, own],
  ['https://hub.acme.com/', 'chrome-extension://abcdefgh', 'own-scheme', 'all apps', own, own],
  ['http://localhost:4000/', 'chrome-extension://abcdefgh', 'own-scheme', 'all apps', own, own],
  ['http://hub.acme.test/', 'chrome-extension://abcdefgh', 'own-scheme', own, own, own],
  ['https://hub.acme.com/', 'moz-extension://abcdefgh', 'own-scheme', own, own, own],
  ['https://hub.acme.co.uk/', 'https://portal.acme.co.uk', 'same-site', all, all, all],
  ['https://hub.acme.co.uk/', 'https://portal.other.co.uk', 'cross-site', ...gift],
  ['https://acme.github.io/', 'https://x.acme.github.io', 'same-site', all, all, all],
  ['https://acme.github.io/', 'https://other.github.io', 'cross-site', ...gift],
  ['http://127.0.0.1:4000/', 'http://127.0.0.1:4001', 'same-site', all, all, own],
  ['http://127.0.0.1:4000/', 'http://127.0.0.2:4001', 'cross-site', ...onLoopback('http://127.0.0.2')],
  ['http://127.0.0.1:4000/', 'http://localhost:4001', 'cross-site', ...onLoopback('http://localhost')],
  ['http://localhost:4000/', 'http://localhost:4001', 'same-site', all, all, own],
  ['http://localhost:4000/', 'http://a.localhost:4001', 'cross-site', ...onLoopback('http://a.localhost')],
  ['http://hub.app.localhost:4000/', 'http://a.app.localhost:4001', 'same-site', all, all, own],
  [
    'http://hub.app.localhost:4000/',
    'http://c.other.localhost:4001',
    'cross-site',
    ...onLoopback('http://other.localhost'),
  ],
  ['http://hub.acme.test/', 'http://portal.acme.test', 'same-site', all, all, own],
  ['http://hub.acme.test/', 'http://portal.other.test', 'cross-site', ...under('http://other.test')],
])('%s and %s: %s', (hub, app, relation, chromium, firefox, webkit) => {
  expect(build(configText([app], hub)).verdicts).toEqual([
    expect.objectContaining({ origin: app, relation, chromium, firefox, webkit }),
  ]);
});

function under(site: string) {
  return [`tabs under ${site}`, `tabs under ${site}`, own] as const;
}

function onLoopback(site: string) {
  return [gift[0], `tabs under ${site}`, own] as const;
}
