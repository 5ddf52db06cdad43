// A hub that does not answer: each engine lets the client see what it needs to name the cause, and where there is no
// evidence none is named.

import type { Headers } from '../e2e/support/hub.js';
import { expect, running, seen, snapshot, test, until } from './support/test.js';

test.use({ timeoutMs: 2_000 });

/** How the hub's server misbehaves, and what the app learns. */
const cases = {
  "the page's policy leaves the app out": {
    code: 'frame-refused',
    headers: ({ 'Content-Security-Policy': policy = '', ...headers }: Headers) => ({
      ...headers,
      'Content-Security-Policy': policy.replace(/frame-ancestors .*/, "frame-ancestors 'self'"),
    }),
  },
  'the server refuses every frame by X-Frame-Options': {
    code: 'frame-refused',
    headers: ({ 'Content-Security-Policy': policy = '', ...headers }: Headers) => ({
      ...headers,
      'Content-Security-Policy': policy.replace(/; frame-ancestors .*/, ''),
      'X-Frame-Options': 'SAMEORIGIN',
    }),
  },
  'a host takes away the header that shows the others': {
    code: 'timeout',
    headers: ({ 'Access-Control-Expose-Headers': _, ...headers }: Headers) => ({
      ...headers,
      'Content-Security-Policy': "frame-ancestors 'none'",
    }),
  },
  'a firewall refuses what is no fetch': { code: 'timeout', refused: 403 },
} satisfies Readonly<Record<string, { code: string; headers?: (headers: Headers) => Headers; refused?: number }>>;

for (const [name, { code, ...how }] of Object.entries(cases)) {
  test(`K4.2: ${name}: ${code}, until that is mended`, async ({ world, engine }) => {
    if ('headers' in how) world.hub.alterHeaders(how.headers);
    else
      world.hub.handle('/', ({ headers: { accept = '' } }, response) =>
        accept.includes('text/html') ? response.writeHead(how.refused).end('<title>blocked</title>') : 'hub',
      );
    const page = await engine.open(world.url(world.portal));
    await running(page);
    await until(() => snapshot(page), 'the snapshot').toMatchObject({ status: 'unavailable', error: { code } });

    world.hub.alterHeaders();
    world.hub.handle('/', () => 'hub');
    await seen([page], { status: 'signed-out' });
  });
}

test('K4.2: something in the page takes the address away from the frame: timeout', async ({ world, engine }) => {
  const page = await engine.open(world.url(world.portal, '/bare'));
  await running(page);
  await page.evaluate(() => {
    new MutationObserver((records) => {
      for (const node of records.flatMap(({ addedNodes }) => [...addedNodes]))
        if (node instanceof HTMLIFrameElement) node.src = 'about:blank';
    }).observe(document, { childList: true, subtree: true });
    window.session = join();
  });
  const error = { code: 'timeout', message: expect.stringContaining('changed the address') };
  await until(() => snapshot(page), 'the snapshot').toMatchObject({ status: 'unavailable', error });
});
