// The hub cannot be used: the app learns the reason by name, runs on, and is back by itself when the hub is. A browser
// shows an embedder nothing about a frame, so each reason here is one that the client has to find out.

import type { Headers } from './support/hub.js';
import {
  billing,
  events,
  everything,
  expect,
  hubFrame,
  hubHost,
  login,
  logout,
  openApp,
  openPage,
  openTabs,
  portal,
  running,
  seen,
  snapshot,
  status,
  test,
  type World,
} from './support/test.js';

test.use({ client: { timeoutMs: 2_000 } });

/** The policy that the command line wrote, with one directive changed. */
const withPolicy = (change: (policy: string) => string) => (headers: Headers) => ({
  ...headers,
  'Content-Security-Policy': change(headers['Content-Security-Policy'] ?? ''),
});

/** As on a host that was given the page alone. */
const withoutFallback = ({ handle }: World['hub']) =>
  handle('/hub-fallback.js', (_, response) => response.writeHead(404).end());

type Failure = {
  readonly code: string;
  readonly breaks: (world: World) => unknown;
  readonly mends: (world: World) => unknown;
};

const failures: Readonly<Record<string, Failure>> = {
  'the server refuses connections': {
    code: 'hub-unreachable',
    breaks: ({ hub }) => hub.stop(),
    mends: ({ hub }) => hub.start(),
  },
  '404': {
    code: 'hub-not-found',
    breaks: ({ hub }) => hub.behave('missing'),
    mends: ({ hub }) => hub.behave('hub'),
  },
  'a 404 that the client may not read': {
    code: 'timeout',
    breaks: ({ hub }) => hub.behave('missing', { cors: false }),
    mends: ({ hub }) => hub.behave('hub'),
  },
  'a page that is no hub': {
    code: 'not-a-hub',
    breaks: ({ hub }) => hub.behave('foreign'),
    mends: ({ hub }) => hub.behave('hub'),
  },
  'a redirect to a page that is no hub': {
    code: 'not-a-hub',
    breaks: ({ hub }) => hub.behave('redirect'),
    mends: ({ hub }) => hub.behave('hub'),
  },
  'a server that never answers': {
    code: 'timeout',
    breaks: ({ hub }) => hub.behave('silent'),
    mends: ({ hub }) => hub.behave('hub'),
  },
  'K4.2: a redirect to another host, whose page lists the app': {
    code: 'timeout',
    breaks: ({ hub }) => {
      const www = hub.url.replace(hubHost, `www.${hubHost}`);
      hub.handle('/', ({ headers: { host } }, response) =>
        host?.startsWith('www.')
          ? 'hub'
          : response.writeHead(302, { location: www, 'access-control-allow-origin': '*' }).end(),
      );
    },
    mends: ({ hub }) => hub.handle('/', () => 'hub'),
  },
  'K4.2: a redirect to a login wall of another host': {
    code: 'timeout',
    breaks: ({ hub, url }) =>
      hub.handle('/', (_, response) =>
        response.writeHead(302, { location: url('wall.other.localhost', '/plain') }).end(),
      ),
    mends: ({ hub }) => hub.handle('/', () => 'hub'),
  },
  'K4.2: a firewall that refuses the frame, but not who comes without cookies': {
    code: 'timeout',
    breaks: ({ hub }) =>
      hub.handle('/', ({ headers }, response) =>
        headers['sec-fetch-dest'] === 'iframe' ? response.writeHead(403).end('<title>blocked</title>') : 'hub',
      ),
    mends: ({ hub }) => hub.handle('/', () => 'hub'),
  },
  'K4.2: a page that is slow in the frame': {
    code: 'timeout',
    breaks: ({ hub }) => hub.handle('/', ({ headers }) => (headers['sec-fetch-dest'] === 'iframe' ? 'nothing' : 'hub')),
    mends: ({ hub }) => hub.handle('/', () => 'hub'),
  },
  'K4.2: a page whose script is gone': {
    code: 'timeout',
    breaks: ({ hub }) => hub.alterPage((html) => html.replace(/<script>.*<\/script>/s, '')),
    mends: ({ hub }) => hub.alterPage(),
  },
  'K4.2: a host that takes away the header by which the client sees the others': {
    code: 'timeout',
    breaks: ({ hub }) =>
      hub.alterHeaders(({ 'Access-Control-Expose-Headers': _, ...headers }) => ({
        ...withPolicy((policy) => policy.replace(/frame-ancestors .*/, "frame-ancestors 'none'"))(headers),
      })),
    mends: ({ hub }) => hub.alterHeaders(),
  },
  'K4.2: a configuration that the module cannot read': {
    code: 'hub-failed',
    breaks: ({ hub }) => hub.alterPage((html) => html.replace('"site":', '"sites":')),
    mends: ({ hub }) => hub.alterPage(),
  },
  'frame-ancestors that leaves the app out': {
    code: 'frame-refused',
    breaks: ({ hub }) =>
      hub.alterHeaders(withPolicy((policy) => policy.replace(/frame-ancestors .*/, "frame-ancestors 'none'"))),
    mends: ({ hub }) => hub.alterHeaders(),
  },
  'X-Frame-Options': {
    code: 'frame-refused',
    breaks: ({ hub }) =>
      hub.alterHeaders((headers) => ({
        ...withPolicy((policy) => policy.replace(/; frame-ancestors .*/, ''))(headers),
        'X-Frame-Options': 'SAMEORIGIN',
      })),
    mends: ({ hub }) => hub.alterHeaders(),
  },
  'a hub that may not run WebAssembly, and whose fallback was not deployed': {
    code: 'wasm-refused',
    breaks: ({ hub }) => {
      hub.alterHeaders(withPolicy((policy) => policy.replace(" 'wasm-unsafe-eval'", '')));
      withoutFallback(hub);
    },
    mends: ({ hub }) => hub.alterHeaders(),
  },
  'a module that was cut short on the way, and a fallback of another build': {
    code: 'wasm-refused',
    breaks: ({ hub }) => {
      hub.alterPage((html) => html.replace(/( id="module">[0-9a-f]{1000})[0-9a-f]*/, '$1'));
      hub.handle('/hub-fallback.js', (_, response) =>
        response.writeHead(200, { 'content-type': 'text/javascript' }).end('var lockstepFallback = {};'),
      );
    },
    mends: ({ hub }) => hub.alterPage(),
  },
  'an app that the hub does not list': {
    code: 'origin-refused',
    // Another hub's build: it lists everybody but the portal.
    breaks: ({ hub, origin }) => {
      const other = 'http://elsewhere.acme.localhost';
      hub.alterPage((html) => html.replace(`"${origin(portal)}"`, `"${other}"`));
      hub.alterHeaders(withPolicy((policy) => policy.replace(`${origin(portal)} `, `${other} `)));
    },
    mends: ({ hub }) => {
      hub.alterPage();
      hub.alterHeaders();
    },
  },
};

/** The hub says these itself, however slow its start. For all else the client's patience has to end first. */
const saidByHub = ['hub-failed', 'wasm-refused'];

for (const [name, { code, breaks, mends }] of Object.entries(failures)) {
  test(`${name}: ${code}, until the hub is back`, async ({ world, context }) => {
    await breaks(world);
    const page = await openApp(context, world.url(portal, '/bare'));
    const options = saidByHub.includes(code) ? { timeoutMs: 20_000 } : {};
    const first = await page.evaluate((given) => {
      window.session = join(given);
      const { status } = session.getSnapshot();
      const waiting = { ready: outcome(session.ready), login: outcome(session.login({ subject: 'early' })) };
      Object.assign(window, { waiting });
      return status;
    }, options);
    expect(first).toBe('connecting');
    await expect.poll(() => snapshot(page)).toMatchObject({ status: 'unavailable', error: { code } });
    await seen([page], { scope: 'alone', medium: 'memory', upgrade: 'none' });
    expect((await snapshot(page)).error?.message).toMatch(/\w.*\.$/);

    // Every promise is settled with the reason: what waited, what is asked now, and `ready`.
    expect(await page.evaluate(() => Reflect.get(window, 'waiting').ready)).toBe(code);
    expect(await page.evaluate(() => Reflect.get(window, 'waiting').login)).toBe(code);
    expect(await login(page, { subject: 'ada' })).toBe(code);
    expect(await logout(page)).toBe(code);
    expect(await page.evaluate(() => outcome(session.ready))).toBe(code);
    expect(await events(page)).toContainEqual({ type: 'error', error: expect.objectContaining({ code }) });

    await mends(world);
    await seen([page], { status: 'signed-out', reason: 'never', scope: 'shared' });
    expect(await login(page, { subject: 'ada' })).toBe('done');
    const second = await openApp(context, world.url(billing));
    await seen([page, second], { status: 'signed-in', subject: 'ada' });
    expect(await logout(second)).toBe('done');
    await seen([page, second], { status: 'signed-out', endedBy: world.origin(billing) });
    expect(await page.locator('iframe').count()).toBe(1);
  });
}

test("the app's own policy forbids the frame: frame-blocked, at once", async ({ world, context }) => {
  world.appHeaders(portal, { 'Content-Security-Policy': "frame-src 'self'" });
  const page = await openPage(context, world.url(portal));
  await running(page);
  await expect.poll(() => snapshot(page)).toMatchObject({ status: 'unavailable', error: { code: 'frame-blocked' } });
  expect(await page.evaluate(() => outcome(session.ready))).toBe('frame-blocked');
  expect(await login(page, { subject: 'ada' })).toBe('frame-blocked');
  // A page's policy is for its lifetime; the next page, without it, is well.
  world.appHeaders(portal, {});
  await page.reload();
  await running(page);
  await seen([page], { status: 'signed-out', scope: 'shared' });
});

test('K4.2: a consent tool takes the address away from the frame, and the app learns it', async ({
  world,
  context,
}) => {
  const page = await openApp(context, world.url(portal, '/bare'));
  await page.evaluate(() => {
    new MutationObserver((records) => {
      for (const node of records.flatMap(({ addedNodes }) => [...addedNodes]))
        if (node instanceof HTMLIFrameElement) node.src = 'about:blank';
    }).observe(document, { childList: true, subtree: true });
    window.session = join();
  });
  const error = { code: 'timeout', message: expect.stringContaining('has changed the address') };
  await expect.poll(() => snapshot(page)).toMatchObject({ status: 'unavailable', error });
});

test('K4.2: a hub that stops while it runs says so, and the app gets a new one', async ({ world, context }) => {
  const tabs = await openTabs(context, [world.url(portal), world.url(billing)], 1);
  await seen(tabs, { status: 'signed-out' });
  await login(tabs[0], { subject: 'ada' });
  await seen(tabs, { status: 'signed-in' });
  // What the module calls throws: an exception that passes through C++ leaves it in no state to go on.
  await hubFrame(tabs[1], world.hub.url).evaluate(() => {
    const { prototype } = MessagePort;
    const { postMessage } = prototype;
    prototype.postMessage = () => {
      prototype.postMessage = postMessage;
      throw new Error('out of order');
    };
  });
  await logout(tabs[0]);
  const failed = { type: 'error', error: expect.objectContaining({ code: 'hub-failed' }) };
  await expect.poll(() => events(tabs[1], 'error')).toContainEqual(failed);
  await seen(tabs, { status: 'signed-out', reason: 'logout', endedBy: world.origin(portal) });
});

test('a policy that merely reports refuses nothing', async ({ world, context }) => {
  world.appHeaders(portal, { 'Content-Security-Policy-Report-Only': "frame-src 'self'" });
  const page = await openApp(context, world.url(portal));
  await seen([page], { status: 'signed-out', scope: 'shared' });
  expect(await events(page)).toEqual([]);
});

test('an app whose policy forbids to ask names no cause that it cannot know', async ({ world, context }) => {
  world.appHeaders(portal, { 'Content-Security-Policy': "connect-src 'none'" });
  world.hub.behave('foreign');
  const page = await openPage(context, world.url(portal));
  await running(page);
  await expect.poll(() => snapshot(page)).toMatchObject({ status: 'unavailable', error: { code: 'timeout' } });
  world.hub.behave('hub');
  await seen([page], { status: 'signed-out', scope: 'shared' });
});

test('a sandboxed app has no origin, which no hub allows', async ({ world, context }) => {
  world.serve(
    portal,
    '/sandbox',
    `<!doctype html><html lang="en"><title>sandbox</title><iframe sandbox="allow-scripts" src="/"></iframe></html>`,
  );
  const top = await openApp(context, world.url(billing));
  const page = await openPage(context, world.url(portal, '/sandbox'));
  const app = () => page.frames().find((frame) => frame.url() === world.url(portal)) ?? page.mainFrame();
  await expect.poll(() => app() !== page.mainFrame()).toBe(true);
  await running(app());
  expect(await app().evaluate(() => self.origin)).toBe('null');
  await expect.poll(() => snapshot(app())).toMatchObject({ status: 'unavailable', error: { code: 'origin-refused' } });

  // Not the browser alone refuses it: without frame-ancestors the hub does.
  world.hub.alterHeaders(withPolicy((policy) => policy.replace(/; frame-ancestors .*/, '')));
  const reloaded = page.waitForEvent('framenavigated', (frame) => frame.url() === world.hub.url);
  await page.reload();
  await reloaded;
  await running(app());
  await expect.poll(() => snapshot(app())).toMatchObject({ status: 'unavailable', error: { code: 'origin-refused' } });
  expect(await login(app(), { subject: 'mallory' })).toBe('origin-refused');
  await login(top, { subject: 'ada' });
  expect(await status(app())).toBe('unavailable');
});

test.describe('with a preview origin', () => {
  test.use({ hub: { host: hubHost, apps: { 'http://*.acme.localhost': everything } } });

  test('K4.2: an app that a star lists learns of wasm-refused, too', async ({ world, context }) => {
    world.hub.alterHeaders(withPolicy((policy) => policy.replace(" 'wasm-unsafe-eval'", '')));
    withoutFallback(world.hub);
    const page = await openApp(context, world.url('pr-7.acme.localhost'));
    await expect.poll(() => snapshot(page)).toMatchObject({ error: { code: 'wasm-refused' } });
  });

  test('the star matches one label, two are refused', async ({ world, context }) => {
    const page = await openApp(context, world.url('pr-7.acme.localhost'));
    await seen([page], { status: 'signed-out', scope: 'shared' });
    // A browser's policy lets two labels pass; the hub does not.
    const deeper = await openApp(context, world.url('a.pr-7.acme.localhost'));
    await expect.poll(() => snapshot(deeper)).toMatchObject({ error: { code: 'origin-refused' } });
  });
});

test('the hub goes away under running apps: they keep what they know, and a reload says what is wrong', async ({
  world,
  context,
}) => {
  const tabs = await openTabs(context, [world.url(portal), world.url(billing)], 1);
  await seen(tabs, { status: 'signed-out' });
  await login(tabs[0], { subject: 'ada' });
  await seen(tabs, { status: 'signed-in' });
  await world.hub.stop();
  // A loaded hub needs no server.
  expect(await logout(tabs[1])).toBe('done');
  await seen(tabs, { status: 'signed-out', reason: 'logout' });
  await tabs[0].reload();
  await running(tabs[0]);
  await expect.poll(() => snapshot(tabs[0])).toMatchObject({ error: { code: 'hub-unreachable' } });
  await world.hub.start();
  await seen(tabs, { status: 'signed-out', reason: 'logout', endedBy: world.origin(billing) });
});
