// What happens to the store behind the hub's back: emptied by the user, emptied while somebody writes, full. The
// meddler is a page of the hub's own origin, as a developer's console or the browser's settings would be.

import type { Tab } from './support/engine.js';
import { actInRounds, roundsAreOver } from './support/rounds.js';
import { note, noteFigures, quantile } from './support/rows.js';
import { events, expect, login, logout, openApp, seen, snapshot, test, until } from './support/test.js';
import { topologies } from './support/topologies.js';

const site = topologies.oneSite.name;

test('a store that the user empties ends the session everywhere, as cleared (R4)', async ({ world, tabs, engine }) => {
  const [first, second] = await tabs(world.portal, world.billing);
  const meddler = await engine.open(world.hub.plainUrl);
  await login(first, { subject: 'ada' });
  await seen([first, second], { status: 'signed-in' });
  // Storage first: a clearing takes both within a second.
  for (const { hub } of [first, second]) await hub.evaluate(() => localStorage.clear());
  await meddler.evaluate(emptyStore);
  await seen([first, second], { status: 'signed-out', reason: 'cleared' });
  for (const tab of [first, second]) {
    expect((await events(tab)).map(({ type }) => type)).toEqual(['login', 'logout']);
    expect(await snapshot(tab)).not.toHaveProperty('endedBy');
  }
  // The end is in the store again: a tab that comes later gets the same.
  await seen([await openApp(engine, world.url(world.portal))], { status: 'signed-out', reason: 'cleared' });
  expect(await login(second, { subject: 'grace' })).toBe('done');
  await seen([first, second], { status: 'signed-in', subject: 'grace' });
  note('the user empties the store: the session ends, as cleared', site, 'yes');
});

test('a store that is emptied while somebody writes: no two tabs stay apart', async ({ world, tabs, engine }) => {
  const rounds = 30;
  const [first, second] = await tabs(world.portal, world.billing);
  const meddler = await engine.open(world.hub.plainUrl);
  for (const tab of [first, second]) await tab.evaluate(watch);
  // Slow enough for the hub's bound on messages, and for both to settle.
  const begin = Date.now() + 500;
  const apartMs = 900;
  const race = { begin, apartMs, rounds };
  await actInRounds(meddler, race, emptyStore);
  await actInRounds(first, race, writeOnce);
  await roundsAreOver([meddler, first], race);
  await until(async () => (await sessionOf(first)) === (await sessionOf(second)), 'the tabs agree').toBe(true);
  const [ours, theirs] = await Promise.all(
    [first, second].map((tab) => tab.evaluate(() => Reflect.get(window, 'seen') as Seen[])),
  );
  const apart = Array.from({ length: rounds }, (_, round) =>
    apartIn(begin + round * apartMs, apartMs - 10, ours ?? [], theirs ?? []),
  );
  // A split stays until the next write, which is in the next round. A busy machine is late with an event now and then,
  // and never that late.
  expect(apart.filter((ms) => ms >= apartMs - 10)).toEqual([]);
  expect(apart.filter((ms) => ms > 200).length).toBeLessThanOrEqual(2);
  noteFigures({
    name: 'apart after a clear that races a write',
    rounds,
    p50: quantile(apart, 0.5),
    p99: quantile(apart, 0.99),
  });
  expect(await login(first, { subject: 'ada' })).toBe('done');
  await seen([first, second], { status: 'signed-in', subject: 'ada' });
  note('the store is emptied while somebody writes: no two tabs stay apart', site, 'yes');
});

test('a full store is said, holds in the one tab, and heals', async ({ world, tabs, engine }) => {
  const [first, second] = await tabs(world.portal, world.billing);
  const { medium } = await snapshot(first);
  const meddler = await engine.open(world.hub.plainUrl);
  await meddler.evaluate(fillStore);
  const item = 'the store is full';
  if (medium === 'cookie') {
    // A browser makes room for a cookie.
    expect(await login(first, { subject: 'ada' })).toBe('done');
    await seen([first, second], { status: 'signed-in', subject: 'ada', scope: 'shared' });
    return note(item, site, 'in lockstep, since a cookie needs no room');
  }
  const fillers = await meddler.evaluate(() => localStorage.length);
  await until(() => first.hub.evaluate(() => localStorage.length), 'the hub sees it').toBe(fillers);
  expect(await login(first, { subject: 'ada' })).toBe('storage-failed');
  await seen([first], { status: 'signed-in', subject: 'ada', scope: 'alone', medium: 'memory' });
  await seen([second], { status: 'signed-out', scope: 'shared', medium });
  await meddler.evaluate(() => {
    for (const key of Object.keys(localStorage)) if (key.startsWith('filler-')) localStorage.removeItem(key);
  });
  const left = await meddler.evaluate(() => localStorage.length);
  await until(() => first.hub.evaluate(() => localStorage.length), 'the hub sees it').toBe(left);
  // The next write stores what memory knows.
  expect(await login(first, { subject: 'ada', claims: { renewed: true } })).toBe('done');
  await seen([first, second], { status: 'signed-in', subject: 'ada', scope: 'shared', medium });
  expect(await logout(second)).toBe('done');
  await seen([first], { status: 'signed-out' });
  note(item, site, 'error: storage-failed, alone until there is room again');
});

type Seen = { readonly at: number; readonly session: string };

/** Everything that is the hub's origin's, as "delete browsing data" does. */
function emptyStore(): void {
  localStorage.clear();
  for (const pair of document.cookie.split('; ')) {
    const [name] = pair.split('=');
    if (name) document.cookie = `${name}=; Max-Age=0; Path=/; Secure; SameSite=None`;
  }
}

function writeOnce(round: number): void {
  session.beginLogin();
  outcome(session.login({ subject: `user-${round}` }));
}

function fillStore(): void {
  for (let part = '#'.repeat(1_000_000), count = 0; part; count++) {
    try {
      localStorage.setItem(`filler-${count}`, part);
    } catch {
      part = part.slice(0, part.length / 2);
    }
  }
}

/** Runs in the page: notes what is shown, and since when. */
function watch(): void {
  const seen: Seen[] = [];
  const noteIt = () => {
    const { status, subject = '' } = session.getSnapshot();
    seen.push({ at: performance.timeOrigin + performance.now(), session: `${status} ${subject}` });
  };
  noteIt();
  session.subscribe(noteIt);
  Object.assign(window, { seen });
}

/**
 * How many milliseconds after the beginning of a round the two tabs last showed different things, within that round.
 */
function apartIn(from: number, length: number, ours: readonly Seen[], theirs: readonly Seen[]): number {
  const at = (all: readonly Seen[], time: number) => all.findLast(({ at }) => at <= time)?.session ?? '';
  const changes = [...ours, ...theirs].map(({ at }) => at).filter((time) => time >= from && time < from + length);
  const settled = at(ours, from + length) === at(theirs, from + length);
  if (!settled) return length;
  return Math.max(
    0,
    ...changes.filter((time) => at(ours, time - 0.001) !== at(theirs, time - 0.001)).map((time) => time - from),
  );
}

async function sessionOf(tab: Tab): Promise<string> {
  const { status, subject, reason } = await snapshot(tab);
  return `${status} ${subject} ${reason}`;
}
