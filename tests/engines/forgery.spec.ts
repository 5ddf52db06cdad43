// A sibling host of the hub's that has been taken over lays cookies with a Domain. WebKitGTK lets it, though their
// names begin with `__Host-`. It does not know the key that is in the name of the record's cookie, but it can lay a key
// of its own, and a record under that. What is there is believed by nobody: laid before the hub is there, beside its
// own, or for a moment.

import { namesOf } from '../../bridge-html/names.js';
import type { Browser, EngineName, Place, Tab } from './support/engine.js';
import { note } from './support/rows.js';
import { events, expect, login, logout, openApp, seen, snapshot, type TestWorld, test, until } from './support/test.js';
import { topologies } from './support/topologies.js';

const site = topologies.oneSite.name;
const whole = (name: EngineName) => topologies.oneSite.in[name];
/** What a tab gets that comes while there are two keys. */
const doubted = (name: EngineName) =>
  name === 'webkit' ? ({ scope: 'partitioned', medium: 'local-storage' } as const) : usual(name);
const usual = (name: EngineName) => ({ scope: whole(name).scope, medium: whole(name).medium });
const result = (name: EngineName) =>
  name === 'webkit'
    ? 'not believed; a new tab is partitioned, until it is gone'
    : { chromium: 'no cookie is used', firefox: 'refused by the browser' }[name];

test('a login that a sibling host has forged before the hub came is believed by nobody', async ({ world, engine }) => {
  const sibling = await siblingOf(world, engine);
  await sibling.lay();
  const first = await openApp(engine, world.url(world.portal));
  await seen([first], { status: 'signed-out', reason: 'never', ...doubted(engine.name) });
  await sibling.take();
  const late = await openApp(engine, world.url(world.billing));
  await seen([first, late], { status: 'signed-out', reason: 'never', ...usual(engine.name) });
  await unharmed(first, late);
  note('a sibling host has laid a forged cookie before the hub came', site, result(engine.name));
});

test('a login or an end that a sibling host lays beside the record is believed by nobody', async ({
  world,
  engine,
  tabs,
}) => {
  const [first, second] = await tabs(world.portal, world.billing);
  const sibling = await siblingOf(world, engine);
  await login(first, { subject: 'ada', sessionId: 's-1' });
  await seen([first, second], { status: 'signed-in', subject: 'ada', ...usual(engine.name) });
  const ended = { reason: 'logout', at: Date.now() };
  for (const record of [{}, { subject: '', sessionId: 's-1', ended, lastEnd: 900 }]) {
    await sibling.lay(record);
    const late = await openApp(engine, world.url(world.portal));
    await seen([late], doubted(engine.name));
    await sibling.take();
    await seen([first, second, late], { status: 'signed-in', subject: 'ada', ...usual(engine.name) });
    await neverForged(late);
    for (const tab of [first, second]) expect((await events(tab)).map(({ type }) => type)).toEqual(['login']);
  }
  expect(await logout(second)).toBe('done');
  await seen([first], { status: 'signed-out', endedBy: world.origin(world.billing) });
  await unharmed(first, second);
  note('a sibling host lays a forged cookie beside the record', site, result(engine.name));
});

test('a cookie that a sibling host lays beside the one that a hub tries parts the tabs only while it is there', async ({
  world,
  engine,
  tabs,
}) => {
  const sibling = await siblingOf(world, engine);
  await sibling.disturb(true);
  const [first, second] = await tabs(world.portal, world.billing);
  await seen([first, second], doubted(engine.name));
  await sibling.disturb(false);
  await seen([first, second], usual(engine.name));
  await unharmed(first, second);
  note('a sibling host lays a cookie beside the one that a hub tries', site, result(engine.name));
});

test('a login that a sibling host forges for a moment, again and again, is believed by nobody', async ({
  world,
  engine,
  tabs,
}) => {
  const [first, second] = await tabs(world.portal, world.billing);
  const sibling = await siblingOf(world, engine);
  await sibling.flicker(true);
  await until(() => sibling.flickered(), 'the forger has begun').toBeGreaterThan(100);
  const opened: Tab[] = [];
  for (const host of [world.portal, world.billing, world.portal]) {
    opened.push(await openApp(engine, world.url(host)));
    await first.show();
    await login(first, { subject: `ada-${opened.length}` });
  }
  await sibling.flicker(false);
  await seen([first, second, ...opened], usual(engine.name));
  await unharmed(first, second, ...opened);
  note('a sibling host lays a forged cookie for a moment, again and again', site, 'not believed');
});

async function unharmed(...tabs: readonly [Tab, ...Tab[]]): Promise<void> {
  expect(await login(tabs[0], { subject: 'grace' })).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'grace' });
  await neverForged(...tabs);
}

async function neverForged(...tabs: readonly Tab[]): Promise<void> {
  for (const tab of tabs) {
    expect(await tab.evaluate(() => JSON.stringify(session.recorded))).not.toContain('mallory');
    expect(JSON.stringify(await snapshot(tab))).not.toContain('mallory');
  }
}

declare global {
  /** In the sibling's page. */
  var forger: {
    turns: number;
    isOn: boolean;
    readonly lay: (record: object) => void;
    readonly take: () => void;
    readonly disturb: (isOn: boolean) => void;
    readonly turn: () => void;
  };
}

/** A page of another host of the hub's site, whose cookies the hub's host gets, too. */
async function siblingOf(world: TestWorld, engine: Browser) {
  const key = '1234567890';
  const { keyCookie, probeCookie, recordCookie } = namesOf(world.hub.url);
  const given = { domain: world.acme, key, keyCookie, probeCookie, recordName: recordCookie(key) };
  const page: Place = await engine.open(world.url(world.sibling, '/plain'));
  await page.evaluate(({ domain, key, keyCookie, probeCookie, recordName }) => {
    const attributes = `Domain=${domain}; Path=/; Secure; SameSite=Lax`;
    const created = [900, 'f0'];
    window.forger = {
      turns: 0,
      isOn: false,
      lay(record) {
        const at = Date.now();
        const forged = {
          format: 1,
          created,
          updated: created,
          subject: 'mallory',
          signedInAt: at,
          activeAt: at,
          ...record,
        };
        // base64url, as a hub reads it; of the abbreviations of PROTOCOL §4.2 none is needed.
        const text = btoa(JSON.stringify(forged)).replace(/[+/=]/g, (digit) => ({ '+': '-', '/': '_' })[digit] ?? '');
        document.cookie = `${recordName}=${text}; ${attributes}`;
        document.cookie = `${keyCookie}=${key}; ${attributes}`;
      },
      take() {
        document.cookie = `${keyCookie}=; Max-Age=0; ${attributes}`;
      },
      disturb(isOn) {
        document.cookie = `${probeCookie}=1; ${isOn ? '' : 'Max-Age=0; '}${attributes}`;
      },
      turn() {
        if (!forger.isOn) return;
        forger.lay({});
        forger.take();
        forger.turns++;
        setTimeout(forger.turn);
      },
    };
  }, given);
  return {
    lay: (record: object = {}) => page.evaluate((record) => forger.lay(record), record),
    take: () => page.evaluate(() => forger.take()),
    disturb: (isOn: boolean) => page.evaluate((isOn) => forger.disturb(isOn), isOn),
    flickered: () => page.evaluate(() => forger.turns),
    flicker: (isOn: boolean) =>
      page.evaluate((isOn) => {
        forger.isOn = isOn;
        forger.turn();
      }, isOn),
  };
}
