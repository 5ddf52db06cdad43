// A hub that does not answer: the reason by name, as far as there is evidence.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../../../js-glue/client/index.js';
import { answers, diagnosed, refuses } from './diagnosed.js';
import { appOrigin, hubUrl, openPage, outcome, type Page, record, settled } from './page.js';

const diagnosis = '../../../js-glue/client/diagnose.js';

let page: Page;
beforeEach(() => {
  page = openPage();
  vi.spyOn(Math, 'random').mockReturnValue(1);
});
afterEach(async () => {
  await page.close();
  vi.restoreAllMocks();
});

// As the hub's page is (PROTOCOL.md §5): its script has the texts of its own code in it.
const hubPage = (config: object) =>
  '<meta name="lockstep-hub" content="1">' +
  `<script type="application/json" id="config">${JSON.stringify(config)}</script>` +
  `<script>if(e.origin==="null"||e.origin==="${appOrigin}")return</script>`;
const listing = (origin: string) => hubPage({ apps: [{ origin }] });

const framedBy = (headers: object) => answers(listing(appOrigin), { headers });
const ancestors = (list: string) =>
  framedBy({ 'Content-Security-Policy': `default-src 'none'; frame-ancestors ${list}` });
/** As fetch does: a signal that is aborted already rejects as well. */
const silent = (_: string, { signal }: RequestInit) =>
  new Promise<Response>((_, reject) => {
    if (signal?.aborted) reject(signal.reason);
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
const onlyOpaque = (_: string, { mode }: RequestInit) =>
  mode === 'no-cors' ? Promise.resolve(Response.error()) : refuses();

test.each<readonly [string, string, typeof fetch | typeof onlyOpaque]>([
  ['hub-unreachable', 'a server that is down', refuses],
  ['timeout', 'a server that is there, but lets nobody read', onlyOpaque],
  ['hub-not-found', 'a 404', answers('Not found', { status: 404 })],
  ['timeout', 'a 503', answers('', { status: 503 })],
  ['timeout', 'a 403, since who has cookies may get another answer', answers('', { status: 403 })],
  ['timeout', 'a redirect to another host', answers(listing(appOrigin), { url: 'https://www.acme.com/' })],
  ['timeout', 'a redirect to a 404 of another host', answers('', { status: 404, url: 'https://www.acme.com/' })],
  ['not-a-hub', 'a page that is no hub', answers('<h1>Sign in</h1>')],
  ['timeout', 'a hub that lists this origin', answers(listing(appOrigin))],
  ['timeout', 'a hub that lists its pattern', answers(listing('https://*.acme.com'))],
  ['timeout', 'a page whose configuration was altered on the way', answers('<meta name="lockstep-hub">')],
  ['origin-refused', 'a hub that does not list it', answers(listing('https://billing.acme.com'))],
  ['origin-refused', 'a hub that lists its http twin', answers(listing('http://portal.acme.com'))],
  ['origin-refused', 'a hub that lists it as an embedder', answers(hubPage({ apps: [], embedders: [appOrigin] }))],
  ['origin-refused', 'a hub that lists a longer one', answers(listing(`${appOrigin}.evil.com`))],
  ['frame-refused', 'frame-ancestors none', ancestors("'none'")],
  ['frame-refused', 'frame-ancestors without a source', ancestors('')],
  ['frame-refused', 'frame-ancestors self', ancestors("'self'")],
  ['frame-refused', 'frame-ancestors with others', ancestors('https://billing.acme.com https://*.preview.acme.com')],
  ['frame-refused', 'frame-ancestors with another port', ancestors(`${appOrigin}:8443`)],
  ['frame-refused', 'the second of two policies', ancestors(`${appOrigin}, frame-ancestors 'none'`)],
  ['timeout', 'frame-ancestors with this origin', ancestors(appOrigin)],
  ['timeout', 'frame-ancestors with its http twin', ancestors('http://portal.acme.com')],
  ['timeout', 'frame-ancestors with its default port', ancestors(`${appOrigin}:443`)],
  ['timeout', 'frame-ancestors with its host alone', ancestors('Portal.acme.com')],
  ['timeout', 'frame-ancestors with a pattern', ancestors('https://billing.acme.com  https://*.acme.com')],
  ...['*', 'https:', 'https://*', `${appOrigin}:*`, `${appOrigin}/portal/`].map(
    (source) => ['timeout', `frame-ancestors ${source}, which may let it pass`, ancestors(source)] as const,
  ),
  ['timeout', 'a second frame-ancestors, which does not count', ancestors(`${appOrigin}; frame-ancestors 'none'`)],
  [
    'timeout',
    'the words elsewhere in a policy',
    framedBy({ 'Content-Security-Policy': 'report-uri /frame-ancestors' }),
  ],
  ['frame-refused', 'X-Frame-Options DENY', framedBy({ 'X-Frame-Options': 'DENY' })],
  ['frame-refused', 'X-Frame-Options SAMEORIGIN', framedBy({ 'X-Frame-Options': 'sameorigin' })],
  ['timeout', 'X-Frame-Options of an unknown kind', framedBy({ 'X-Frame-Options': 'ALLOW-FROM https://x.example' })],
  [
    'timeout',
    'X-Frame-Options that frame-ancestors overrules',
    framedBy({ 'X-Frame-Options': 'DENY', 'Content-Security-Policy': `frame-ancestors ${appOrigin}` }),
  ],
])('K4.2: %s: %s', async (code, _, fetched) => {
  const fetchSpy = vi.fn(fetched as typeof fetch);
  vi.stubGlobal('fetch', fetchSpy);
  const session = page.connect();
  const events = record(session);
  const ready = outcome(session.ready);
  page.load();
  await vi.advanceTimersByTimeAsync(9_999);
  expect([session.getSnapshot().status, fetchSpy.mock.calls]).toEqual(['connecting', []]);
  await vi.advanceTimersByTimeAsync(1);
  await diagnosed();
  expect(fetchSpy.mock.calls[0]).toMatchObject([hubUrl, { credentials: 'omit', cache: 'no-store' }]);
  expect(new Set(fetchSpy.mock.calls.map(([, init]) => init?.credentials))).toEqual(new Set(['omit']));
  expect(events).toEqual(['unavailable', { type: 'error', code }]);
  expect(session.getSnapshot()).toMatchObject({
    status: 'unavailable',
    scope: 'alone',
    medium: 'memory',
    error: { code },
  });
  expect(Object.isFrozen(session.getSnapshot())).toBe(true);
  expect(await ready).toBe(code);
});

describe('offline', () => {
  test('the app knows within a second, and the next attempt is made when the network is back', async () => {
    const fetchSpy = vi.fn(refuses);
    vi.stubGlobal('fetch', fetchSpy);
    page.navigator.onLine = false;
    const session = page.connect();
    const ready = outcome(session.ready);
    page.load();
    await vi.advanceTimersByTimeAsync(999);
    expect(session.getSnapshot()).toMatchObject({
      status: 'unavailable',
      error: { code: 'hub-unreachable', message: 'This browser is offline.' },
    });
    expect([await ready, fetchSpy.mock.calls]).toEqual(['hub-unreachable', []]);
    page.navigator.onLine = true;
    page.window.dispatchEvent(new Event('online'));
    expect(page.framesMade()).toBe(2);
    await page.welcome();
    expect(session.getSnapshot().status).toBe('signed-out');
  });

  test('a hub on this machine answers nevertheless', async () => {
    page.navigator.onLine = false;
    const session = page.connect();
    await page.welcome();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([session.getSnapshot().status, page.framesMade()]).toEqual(['signed-out', 1]);
  });

  test('a time-out that is shorter stays as it is', async () => {
    page.navigator.onLine = false;
    const session = page.connect({ timeoutMs: 100 });
    await vi.advanceTimersByTimeAsync(100);
    expect(session.getSnapshot().status).toBe('unavailable');
  });
});

test('a diagnosis that gets no answer ends by itself, as a time-out', async () => {
  const fetchSpy = vi.fn(silent);
  vi.stubGlobal('fetch', fetchSpy);
  const session = page.connect();
  await vi.advanceTimersByTimeAsync(10_000);
  await vi.dynamicImportSettled();
  await settled();
  const [, init] = fetchSpy.mock.calls[0] ?? [];
  expect([session.getSnapshot().status, init?.signal?.aborted]).toEqual(['connecting', false]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(session.getSnapshot().error?.code).toBe('timeout');
  expect(init?.signal?.aborted).toBe(true);
});

test('K4.2: a frame whose address the page has changed says nothing about the hub, which is not asked', async () => {
  const fetchSpy = vi.fn(framedBy({ 'X-Frame-Options': 'DENY' }));
  vi.stubGlobal('fetch', fetchSpy);
  const session = page.connect();
  const [frame] = page.frames();
  if (frame) frame.src = 'about:blank';
  await vi.advanceTimersByTimeAsync(10_000);
  await diagnosed();
  const { error } = session.getSnapshot();
  expect(error).toMatchObject({ code: 'timeout', message: expect.stringContaining('changed the address') });
  expect(fetchSpy).not.toHaveBeenCalled();
});

test('K4.2: frame-ancestors has to cover every page above this one, too', async () => {
  page.location.ancestorOrigins = ['https://teams.example'];
  vi.stubGlobal('fetch', ancestors(appOrigin));
  const session = page.connect();
  await vi.advanceTimersByTimeAsync(10_000);
  await diagnosed();
  expect(session.getSnapshot().error?.code).toBe('frame-refused');
});

test('K4.2: in a page with cross-origin isolation a fetch that fails says nothing', async () => {
  vi.stubGlobal('fetch', refuses);
  page.window.crossOriginIsolated = true;
  const session = page.connect();
  await vi.advanceTimersByTimeAsync(10_000);
  await diagnosed();
  expect(session.getSnapshot().error?.code).toBe('timeout');
});

describe('the diagnosis itself', () => {
  afterEach(() => {
    vi.doUnmock(diagnosis);
    vi.resetModules();
  });
  /** A client of its own, whose diagnosis is loaded like this. */
  async function connectWith(load: () => unknown): Promise<Session> {
    vi.resetModules();
    vi.doMock(diagnosis, load as () => Promise<object>);
    const { connect } = await import('../../../js-glue/client/index.js');
    const session = connect({ hub: hubUrl });
    page.load();
    await vi.advanceTimersByTimeAsync(10_000);
    return session;
  }

  test('that cannot be loaded, as without a network, is a time-out', async () => {
    const session = await connectWith(() => Promise.reject(new TypeError('Failed to fetch')));
    await diagnosed();
    expect(session.getSnapshot().error).toMatchObject({ code: 'timeout', cause: expect.anything() });
    session.close();
  });

  test('that never comes is a time-out in the end', async () => {
    let give: (module: object) => void = () => {};
    const session = await connectWith(() => new Promise((resolve) => (give = resolve)));
    await vi.advanceTimersByTimeAsync(4_999);
    expect(session.getSnapshot().status).toBe('connecting');
    await vi.advanceTimersByTimeAsync(1);
    expect(session.getSnapshot()).toMatchObject({ status: 'unavailable', error: { code: 'timeout' } });
    // Late, it says nothing any more.
    give({ diagnose: () => Promise.resolve(['not-a-hub', 'Late.']) });
    await diagnosed();
    expect(session.getSnapshot().error?.code).toBe('timeout');
    session.close();
  });
});

test("a diagnosis that the page's own policy forbids says nothing about the hub", async () => {
  vi.stubGlobal('fetch', refuses);
  const session = page.connect();
  const events = record(session);
  await vi.advanceTimersByTimeAsync(10_000);
  await vi.dynamicImportSettled();
  await settled();
  // A browser dispatches it after the fetch has failed.
  page.violate({ effectiveDirective: 'connect-src' });
  await diagnosed();
  expect(events).toEqual(['unavailable', { type: 'error', code: 'timeout' }]);
});

test.each<[string, object]>([
  ['only reports', { disposition: 'report' }],
  ['forbids another origin', { blockedURI: 'https://hub.acme.com.evil.example/' }],
  ['forbids something else', { effectiveDirective: 'img-src' }],
])('a policy that %s says nothing about the diagnosis', async (_, violation) => {
  vi.stubGlobal('fetch', refuses);
  const session = page.connect();
  await vi.advanceTimersByTimeAsync(10_000);
  await vi.dynamicImportSettled();
  await settled();
  page.violate({ effectiveDirective: 'connect-src', ...violation });
  await diagnosed();
  expect(session.getSnapshot().error?.code).toBe('hub-unreachable');
});

test('a frame that the policy of the page forbids is reported at once', () => {
  const session = page.connect();
  page.violate({ effectiveDirective: 'frame-src', blockedURI: 'https://hub.acme.com' });
  expect(session.getSnapshot().error?.code).toBe('frame-blocked');
});

test.each<[string, object]>([
  ['that is only reported', { disposition: 'report' }],
  ['of another origin', { blockedURI: 'https://ads.example/' }],
  ['of an origin that begins like the hub', { blockedURI: 'https://hub.acme.com.evil.example/' }],
  ['of another port', { blockedURI: 'https://hub.acme.com:8443/' }],
  ["of an image on the hub's origin", { blockedURI: `${hubUrl}logo.png`, effectiveDirective: 'img-src' }],
  ['of something inline', { blockedURI: 'inline', effectiveDirective: 'script-src' }],
])('a violation %s is none of ours', (_, violation) => {
  const session = page.connect();
  page.violate(violation);
  expect(session.getSnapshot().status).toBe('connecting');
});

test('a fetch of the app that its policy forbids is not the diagnosis', () => {
  const session = page.connect();
  page.violate({ effectiveDirective: 'connect-src' });
  expect(session.getSnapshot().status).toBe('connecting');
});

test('a violation while the hub answers is none of ours', async () => {
  const session = page.connect();
  await page.welcome();
  page.violate({});
  expect(session.getSnapshot().status).toBe('signed-out');
});
