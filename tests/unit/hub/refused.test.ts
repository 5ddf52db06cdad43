// Who is told that no module runs: whom the module itself would have welcomed, and nobody else.

import { expect, test, vi } from 'vitest';
import { bitsOf } from '../../../bridge-html/backends.js';
import { answerRefused, isListed } from '../../../bridge-html/refused.js';
import { loadHub, noCallbacks, ownStorage } from './load.js';

const app = (origin: string) => ({ origin, can: ['read'] });
const config = JSON.stringify({
  hub: 'https://hub.acme.com/',
  site: 'https://acme.com',
  apps: [app('https://portal.acme.com'), app('https://*.preview.acme.com'), app('http://*.localhost:3000')],
  session: {},
});

/** Whether the module welcomes an app of this origin. */
async function isWelcomed(origin: string): Promise<boolean> {
  const hub = await loadHub();
  const said: string[] = [];
  expect(hub.create(config, { ...noCallbacks, send: (_, text) => void said.push(text) })).toBeNull();
  hub.start('w', bitsOf(ownStorage), true, false, 1);
  const hello = '{"lockstep":1,"type":"hello","client":"0.1.0"}';
  const event = { source: noCallbacks.parent, origin, ports: [{}], data: hello };
  hub.windowMessage(event as unknown as MessageEvent);
  hub.destroy();
  return said.length > 0;
}

test.each([
  ['https://portal.acme.com', true],
  ['https://pr-7.preview.acme.com', true],
  ['http://app.localhost:3000', true],
  ['http://portal.acme.com', false],
  ['https://portal.acme.com:8443', false],
  ['https://portal.acme.com.evil.com', false],
  ['https://a.b.preview.acme.com', false],
  ['https://preview.acme.com', false],
  ['https://.preview.acme.com', false],
  ['https://*.preview.acme.com', false],
  ['https://evil.com/.preview.acme.com', false],
  ['https://user@x.preview.acme.com', false],
  ['https://pr_7.preview.acme.com', false],
  ['http://localhost:3000', false],
  ['null', false],
  ['', false],
])('K4.2: %s is listed: %s, as the module has it', async (origin, listed) => {
  expect([isListed(origin, config), await isWelcomed(origin)]).toEqual([listed, listed]);
});

test('a configuration that cannot be read lists nobody', () => {
  expect(['', '{}', '{"apps":[{}]}'].map((text) => isListed('https://portal.acme.com', text))).toEqual([
    false,
    false,
    false,
  ]);
});

test('K8.6: a hub that does not run answers sixteen handshakes, and no more', () => {
  const parent = {};
  vi.stubGlobal('window', { parent });
  const said: string[] = [];
  const port = { postMessage: (text: string) => void said.push(text), close: () => undefined };
  const event = { source: parent, origin: 'https://portal.acme.com', ports: [port] } as unknown as MessageEvent;
  for (let count = 0; count < 100; count++) answerRefused(event, 'rate-limited', config);
  vi.unstubAllGlobals();
  expect(said).toHaveLength(16);
  expect(JSON.parse(said[0] ?? '')).toMatchObject({ type: 'goodbye', error: { code: 'rate-limited' } });
});
