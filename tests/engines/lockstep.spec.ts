// Two tabs of apps that are in lockstep: whatever one does, the other gets the event, in every topology that an engine
// lets any two tabs share. One test a topology, since a step begins where the last one ended, as a user's day does;
// each step is a row of the tables.

import type { Tab, Window } from './support/engine.js';
import { actInRounds, roundsAreOver } from './support/rounds.js';
import { note } from './support/rows.js';
import {
  connected,
  events,
  expect,
  finishLogin,
  login,
  logout,
  openApp,
  type Recorded,
  seen,
  snapshot,
  test,
  until,
} from './support/test.js';
import { type Topology, topologies } from './support/topologies.js';

type Day = {
  readonly first: Tab;
  readonly second: Tab;
  /** Of the two apps. */
  readonly urls: readonly [string, string];
  readonly origins: readonly [string, string];
  readonly engine: Window;
};

const promises: readonly (readonly [item: string, keep: (day: Day) => Promise<void>])[] = [
  [
    'a login, a logout and who did it reach the other tab',
    async ({ first, second, origins }) => {
      await seen([first, second], { status: 'signed-out', reason: 'never' });
      const expiresAt = Date.now() + 3_600_000;
      const members = { subject: 'ada', sessionId: 'sid-1', expiresAt, claims: { name: 'Ada' } };
      expect(await login(first, members)).toBe('done');
      await seen([first, second], { status: 'signed-in', ...members });
      expect(await logout(second)).toBe('done');
      const ended = { reason: 'logout', endedBy: origins[1] } as const;
      await seen([first, second], { status: 'signed-out', ...ended });
      for (const tab of [first, second]) {
        expect(await sessionEvents(tab)).toMatchObject([{ type: 'login' }, { type: 'logout', ...ended }]);
        expect(await snapshot(tab)).not.toHaveProperty('subject');
      }
    },
  ],
  [
    'a login that began before the logout does not bring the session back, one that began after it does',
    async ({ first, second }) => {
      expect(await finishLogin(second, { subject: 'ada', sessionId: 'sid-1' })).toBe('session-ended');
      expect(await login(first, { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
      await seen([first, second], { status: 'signed-in', sessionId: 'sid-1' });
    },
  ],
  [
    'another user signs in: the other tab gets the change, and from whom',
    async ({ first, second }) => {
      expect(await login(second, { subject: 'grace', claims: { name: 'Grace' } })).toBe('done');
      await seen([first, second], { status: 'signed-in', subject: 'grace' });
      for (const tab of [first, second]) {
        expect((await sessionEvents(tab)).at(-1)).toMatchObject({ type: 'user-change', from: 'ada' });
      }
    },
  ],
  [
    'an app that is reloaded is back in lockstep',
    async ({ first, second }) => {
      await first.reload();
      await connected(first);
      await seen([first], { status: 'signed-in', subject: 'grace', claims: { name: 'Grace' } });
      expect(await sessionEvents(first)).toEqual([]);
      expect(await login(second, { subject: 'joan' })).toBe('done');
      await seen([first, second], { subject: 'joan' });
    },
  ],
  [
    'a hub that is reloaded gets a hello again, and its app misses nothing',
    async ({ first, second }) => {
      await first.hub.evaluate(() => void setTimeout(() => location.reload()));
      expect(await login(second, { subject: 'ada' })).toBe('done');
      await seen([first, second], { subject: 'ada' });
      expect((await sessionEvents(first)).at(-1)).toMatchObject({ type: 'user-change', from: 'joan' });
    },
  ],
  [
    'a tab that is opened later finds the session, or its end, and gets no event',
    async ({ second, engine, urls, origins }) => {
      const late = await openApp(engine, urls[0]);
      await seen([late], { status: 'signed-in', subject: 'ada' });
      expect(await logout(late)).toBe('done');
      await seen([second], { status: 'signed-out', reason: 'logout', endedBy: origins[0] });
      await late.close();
      const later = await openApp(engine, urls[1]);
      await seen([later], { status: 'signed-out', reason: 'logout', endedBy: origins[0] });
      expect(await sessionEvents(later)).toEqual([]);
      await later.close();
    },
  ],
  [
    'logins and logouts at the same instant: both tabs agree in the end',
    async ({ first, second }) => {
      const tabs = [first, second];
      const race = { begin: Date.now() + 300, apartMs: 70, rounds: 10 };
      await actInRounds(first, race, (round) => {
        session.beginLogin();
        outcome(round % 3 === 1 ? session.logout() : session.login({ subject: `first-${round}` }));
      });
      await actInRounds(second, race, (round) => {
        session.beginLogin();
        outcome(round % 3 === 2 ? session.logout() : session.login({ subject: `second-${round}` }));
      });
      await roundsAreOver(tabs, race);
      await until(async () => (await sessionOf(first)) === (await sessionOf(second)), 'the tabs agree').toBe(true);
      expect(await login(first, { subject: 'ada' })).toBe('done');
      await seen(tabs, { status: 'signed-in', subject: 'ada' });
    },
  ],
];

for (const topology of Object.values<Topology>(topologies)) {
  test.describe(topology.name, () => {
    test.use({ scheme: topology.scheme, settings: topology.settings });

    test('two tabs are in lockstep', async ({ world, engine, tabs }) => {
      const { pair, medium, among } = topology.in[engine.name];
      const hosts = pair.map((host) => world[host]) as [string, string];
      const [first, second] = await tabs(...hosts);
      if (medium === 'memory') {
        await onTheirOwn([first, second]);
        for (const [item] of promises) note(item, topology.name, 'each tab for itself, and it says so');
        return;
      }
      const urls = hosts.map((host) => world.url(host)) as [string, string];
      const origins = hosts.map((host) => world.origin(host)) as [string, string];
      for (const [item, keep] of promises) {
        await test.step(item, () => keep({ first, second, urls, origins, engine }));
        note(item, topology.name, among ? `yes, among ${among}` : 'yes');
      }
    });
  });
}

/** Where the browser lets no two tabs share anything, each has a session of its own. */
async function onTheirOwn(tabs: readonly Tab[]): Promise<void> {
  for (const [index, tab] of tabs.entries()) {
    await seen([tab], { scope: 'alone', medium: 'memory' });
    expect(await login(tab, { subject: `user-${index}` })).toBe('done');
  }
  for (const [index, tab] of tabs.entries()) await seen([tab], { status: 'signed-in', subject: `user-${index}` });
}

/** The events that are of the session; what the browser gave or took meanwhile is another matter. */
async function sessionEvents(tab: Tab): Promise<readonly Recorded[]> {
  return (await events(tab)).filter(({ type }) => type !== 'scope');
}

async function sessionOf(tab: Tab): Promise<string> {
  const { status, subject, signedInAt, endedBy } = await snapshot(tab);
  return JSON.stringify([status, subject, signedInAt, endedBy]);
}
