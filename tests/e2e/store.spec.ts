// The one place the session is stored, and what happens when somebody else meddles with it: cleared, removed,
// overwritten with rubbish, full, written by a newer hub. The meddler is a page of the hub's own origin, as a
// developer's console would be.

import {
  events,
  expect,
  hubFrame,
  login,
  logout,
  openApp,
  openPage,
  openTabs,
  portal,
  seen,
  setLifecycle,
  snapshot,
  test,
  threeApps,
} from './support/test.js';

const meddlings: Readonly<Record<string, () => void>> = {
  'localStorage.clear()': () => localStorage.clear(),
  'removeItem of the record': () => localStorage.removeItem('lockstep'),
};
for (const [name, meddle] of Object.entries(meddlings)) {
  test(`${name} ends the session everywhere, as cleared (R4)`, async ({ world, context }) => {
    const tabs = await openTabs(context, threeApps(world), 2);
    const meddler = await openPage(context, world.hub.plainUrl);
    await login(tabs[0], { subject: 'ada' });
    await seen(tabs, { status: 'signed-in' });
    await meddler.evaluate(meddle);
    await seen(tabs, { status: 'signed-out', reason: 'cleared' });
    for (const tab of tabs) {
      expect(await events(tab)).toMatchObject([{ type: 'login' }, { type: 'logout', reason: 'cleared' }]);
      expect(await snapshot(tab)).not.toHaveProperty('endedBy');
    }
    // The end is in the store again: a tab that comes later gets the same.
    await seen([await openApp(context, world.url(portal))], { status: 'signed-out', reason: 'cleared' });
    expect(await login(tabs[5], { subject: 'grace' })).toBe('done');
    await seen(tabs, { status: 'signed-in', subject: 'grace' });
  });
}

test('rubbish in the store ends nothing and is written over (R4)', async ({ world, context }) => {
  const tabs = await openTabs(context, threeApps(world), 1);
  const meddler = await openPage(context, world.hub.plainUrl);
  await login(tabs[0], { subject: 'ada' });
  await seen(tabs, { status: 'signed-in' });
  const stored = () => meddler.evaluate(() => localStorage.getItem('lockstep'));
  // What one process writes reaches the others later.
  await expect.poll(stored).toContain('"ada"');
  const record = await stored();
  for (const rubbish of ['', '{"broken', '[]', '{"format":1}', 'x'.repeat(100_000)]) {
    await meddler.evaluate((text) => localStorage.setItem('lockstep', text), rubbish);
    await expect.poll(stored, { message: `after ${rubbish.length} characters` }).toBe(record);
  }
  await seen([...tabs, await openApp(context, world.url(portal))], { status: 'signed-in', subject: 'ada' });
  for (const tab of tabs) expect(await events(tab)).toMatchObject([{ type: 'login' }]);
});

test('each hub gets the event of a write once, and the one that wrote never', async ({ world, context }) => {
  const tabs = await openTabs(context, threeApps(world), 2);
  const hubs = tabs.map((tab) => hubFrame(tab, world.hub.url));
  for (const hub of hubs) {
    await hub.evaluate(() => {
      const received: string[] = [];
      addEventListener('storage', ({ newValue }) => received.push(newValue ?? ''));
      Object.assign(window, { received });
    });
  }
  await login(tabs[0], { subject: 'ada' });
  await seen(tabs, { status: 'signed-in' });
  await logout(tabs[1]);
  await seen(tabs, { status: 'signed-out' });
  const received = await Promise.all(
    hubs.map((hub) => hub.evaluate(() => Reflect.get(window, 'received') as string[])),
  );
  const [byFirst = [], bySecond = [], ...byOthers] = received;
  for (const each of byOthers) expect(each).toEqual([...bySecond, ...byFirst]);
  expect(bySecond).toHaveLength(1);
  expect(byFirst).toHaveLength(1);
});

test('nothing is touched but the record and its mark', async ({ world, context }) => {
  const meddler = await openPage(context, world.hub.plainUrl);
  await meddler.evaluate(() => localStorage.setItem('other', 'mine'));
  const tabs = await openTabs(context, threeApps(world), 1);
  await login(tabs[0], { subject: 'ada', claims: { name: 'Ada' } });
  await seen(tabs, { status: 'signed-in' });
  const contents = () => meddler.evaluate((): Record<string, string> => ({ ...localStorage }));
  const record = async () => (await contents()).lockstep;
  const kept = ['lockstep', 'lockstep-store', 'other'];
  await expect.poll(record).toContain('"ada"');
  expect(Object.keys(await contents()).sort()).toEqual(kept);
  await logout(tabs[1]);
  await seen(tabs, { status: 'signed-out' });
  await expect.poll(record).toContain('"ended"');
  const after = await contents();
  expect(after).toMatchObject({ other: 'mine' });
  expect(Object.keys(after).sort()).toEqual(kept);
  // An app of another site is on the list: for its frames the mark is a cookie, too.
  const cookies = (await meddler.evaluate(() => document.cookie)).replace(/%3A\d+/g, '').split('; ');
  expect(cookies.sort()).toEqual(['__Host-lockstep-run=1', '__Host-lockstep-store=1']);
  // After the end nothing of the user is left.
  expect(after.lockstep).not.toMatch(/ada/i);
  for (const tab of tabs) {
    expect(await tab.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([0, 0, '']);
  }
});

test('a full store is said, holds in the one tab, and heals by itself', async ({ world, context }) => {
  const tabs = await openTabs(context, threeApps(world), 1);
  const [first, second, third] = tabs;
  const meddler = await openPage(context, world.hub.plainUrl);
  await meddler.evaluate(() => {
    for (let part = '#'.repeat(1_000_000), count = 0; part; count++) {
      try {
        localStorage.setItem(`filler-${count}`, part);
      } catch {
        part = part.slice(0, part.length / 2);
      }
    }
  });
  const fillers = await meddler.evaluate(() => localStorage.length);
  await expect.poll(() => hubFrame(first, world.hub.url).evaluate(() => localStorage.length)).toBe(fillers);

  expect(await login(first, { subject: 'ada' })).toBe('storage-failed');
  await seen([first], { status: 'signed-in', subject: 'ada', scope: 'alone', medium: 'memory' });
  await seen([second, third], { status: 'signed-out', scope: 'shared', medium: 'local-storage' });

  await meddler.evaluate(() => {
    for (const key of Object.keys(localStorage)) if (key.startsWith('filler-')) localStorage.removeItem(key);
  });
  await expect.poll(() => hubFrame(first, world.hub.url).evaluate(() => localStorage.getItem('filler-0'))).toBeNull();
  // The next look at the store, here because the tab wakes, stores what memory knows.
  await setLifecycle(first, 'frozen');
  await setLifecycle(first, 'active');
  await seen(tabs, { status: 'signed-in', subject: 'ada', scope: 'shared', medium: 'local-storage' });
});

test('a record of a newer hub is left alone, and said', async ({ world, context }) => {
  const tabs = await openTabs(context, threeApps(world), 1);
  const [first, second] = tabs;
  const meddler = await openPage(context, world.hub.plainUrl);
  await login(first, { subject: 'ada' });
  await seen(tabs, { status: 'signed-in' });
  const stored = () => meddler.evaluate(() => localStorage.getItem('lockstep') ?? '');
  await expect.poll(stored).toContain('"ada"');
  const record = await stored();
  const newer = JSON.stringify({ format: 2, something: 'else' });
  await meddler.evaluate((value) => localStorage.setItem('lockstep', value), newer);
  for (const tab of tabs) {
    await expect.poll(() => snapshot(tab)).toMatchObject({ status: 'unavailable', error: { code: 'hub-outdated' } });
  }
  expect(await login(first, { subject: 'grace' })).toBe('hub-outdated');
  expect(await logout(second)).toBe('hub-outdated');
  expect(await stored()).toBe(newer);
  await meddler.evaluate((value) => localStorage.setItem('lockstep', value), record);
  await seen(tabs, { status: 'signed-in', subject: 'ada' });
});
