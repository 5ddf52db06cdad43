// Older browsers, played by this one without what they lack. That nothing newer is named at all is looked up in
// tests/unit/package/floor.test.ts; here it is missing in the app and in the hub.

import {
  billing,
  type DocumentScript,
  expect,
  hubFrame,
  login,
  logout,
  openApp,
  openTabs,
  portal,
  seen,
  snapshot,
  test,
} from './support/test.js';

/** All of it came after the browsers that README names. */
const withoutNewer: DocumentScript = {
  run: () => {
    const global = globalThis as unknown as Record<string, { prototype?: object } | undefined>;
    const remove = (owner: object | undefined, ...names: readonly string[]) => {
      for (const name of names) Reflect.deleteProperty(Object(owner), name);
    };
    remove(String.prototype, 'isWellFormed', 'toWellFormed');
    remove(Array, 'fromAsync');
    remove(Array.prototype, 'findLast', 'findLastIndex', 'toReversed', 'toSorted', 'toSpliced', 'with');
    remove(Object, 'groupBy');
    remove(Promise, 'withResolvers', 'try');
    remove(Uint8Array, 'fromHex', 'fromBase64');
    remove(AbortSignal, 'any', 'timeout');
    remove(URL, 'canParse', 'parse');
    remove(Element.prototype, 'ariaHidden');
    remove(Element.prototype, 'checkVisibility', 'setHTMLUnsafe');
    remove(global.Iterator?.prototype, 'map', 'filter', 'toArray', 'some', 'find', 'flatMap');
    remove(Set.prototype, 'union', 'intersection', 'difference');
    remove(globalThis, 'structuredClone', 'cookieStore', 'scheduler', 'Iterator');
    remove(Document.prototype, 'requestStorageAccess', 'hasStorageAccess');
  },
};

/** The module's script trips over that when the module is there already, and its fallback has no 64-bit numbers. */
const without64Bits: DocumentScript = {
  run: () => {
    // The test's driver needs it in the app's page.
    if (!location.hostname.startsWith('hub.')) return;
    Reflect.deleteProperty(globalThis, 'BigInt64Array');
    Reflect.deleteProperty(globalThis, 'BigUint64Array');
  },
};

/** A hub cannot do without it. */
const withoutRandom: DocumentScript = { run: () => Reflect.deleteProperty(Crypto.prototype, 'getRandomValues') };

test.describe('at the floor', () => {
  test.use({ documentScript: withoutNewer, client: { timeoutMs: 2_000 } });

  test('K4.4: a session with letters beyond ASCII reaches every tab', async ({ world, context }) => {
    const tabs = await openTabs(context, [world.url(portal), world.url(billing)], 1);
    await seen(tabs, { status: 'signed-out' });
    expect(await hubFrame(tabs[0], world.hub.url).evaluate(() => 'isWellFormed' in String.prototype)).toBe(false);
    expect(await login(tabs[0], { subject: 'zoë', claims: { name: 'Zoë 😀' } })).toBe('done');
    await seen(tabs, { status: 'signed-in', subject: 'zoë', claims: { name: 'Zoë 😀' } });
    expect(await logout(tabs[1])).toBe('done');
    await seen(tabs, { status: 'signed-out', reason: 'logout', endedBy: world.origin(billing) });
  });

  test('K4.4: why a hub does not answer is found out', async ({ world, context }) => {
    world.hub.behave('foreign');
    const page = await openApp(context, world.url(portal));
    await expect.poll(() => snapshot(page)).toMatchObject({ error: { code: 'not-a-hub' } });
    world.hub.behave('hub');
    await seen([page], { status: 'signed-out' });
  });
});

test.describe('without 64-bit numbers', () => {
  test.use({ documentScript: without64Bits });

  test('K4.2: what is thrown while the module is taken in is no time-out: the fallback runs', async ({
    world,
    context,
  }) => {
    const page = await openApp(context, world.url(portal));
    await seen([page], { status: 'signed-out' });
    expect(world.hub.requests()).toEqual(['/', '/hub-fallback.js']);
  });
});

test.describe('below it', () => {
  test.use({ documentScript: withoutRandom });

  test('K4.4: the app learns by a code that the hub cannot run', async ({ world, context }) => {
    const page = await openApp(context, world.url(portal));
    await expect.poll(() => snapshot(page)).toMatchObject({ status: 'unavailable', error: { code: 'hub-failed' } });
  });
});
