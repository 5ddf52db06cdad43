// Two hubs at two paths of one origin are two sessions, though they share its storage: each has names of its own in it
// (PROTOCOL.md §4.2), and neither reads or disturbs the other. Two ports of one host are in tests/engines.

import type { BrowserContext, Page } from '@playwright/test';
import { type HubOptions, hubPage } from './support/hub.js';
import {
  asked,
  askForCheck,
  billing,
  events,
  everything,
  expect,
  hourMs,
  hubFrame,
  hubHost,
  login,
  logout,
  openApp,
  openPage,
  portal,
  seen,
  snapshot,
  status,
  test,
  usualHub,
  type World,
} from './support/test.js';

type Place = { readonly path: string; readonly app: string; readonly session?: HubOptions['session'] };
const production: Place = { path: '/prod/', app: portal };
const staging: Place = { path: '/staging/', app: billing };

// The world's own hub, at the root, is a third.
test.use({ hub: { ...usualHub, apps: { [`http://${portal}`]: everything, [`http://${billing}`]: everything } } });

const urlOf = (world: World, { path }: Place) => `${world.hub.origin}${path}`;

/** Puts a hub at this path, and says at which others its server shows it, too. */
async function serve(world: World, place: Place, aliases: readonly string[] = []): Promise<void> {
  const { path, app, session } = place;
  const options = { host: hubHost, apps: { [`http://${app}`]: everything }, ...(session && { session }) };
  const { html, headers } = await hubPage(options, urlOf(world, place), world.port);
  for (const each of [path, ...aliases]) {
    world.hub.handle(each, (_, response) =>
      response.writeHead(200, { ...headers, 'content-type': 'text/html; charset=utf-8' }).end(html),
    );
  }
}

/** A tab of the app in which it has connected to the hub. */
function open(context: BrowserContext, world: World, place: Place): Promise<Page> {
  return openAt(context, urlOf(world, place), world.url(place.app, '/bare'));
}

/** The same, of an app that can do checks. */
function openChecking(context: BrowserContext, world: World, place: Place): Promise<Page> {
  return openAt(context, urlOf(world, place), world.url(place.app, '/bare?duties=check'));
}

async function openAt(context: BrowserContext, hub: string, app: string): Promise<Page> {
  const page = await openApp(context, app);
  await page.evaluate((hub) => {
    window.session = join({ hub });
  }, hub);
  await expect.poll(() => status(page)).not.toBe('connecting');
  return page;
}

const types = async (page: Page) => (await events(page)).map(({ type }) => type);

test('K6.2: two users are signed in at once, and a logout in one does not travel', async ({ world, context }) => {
  await serve(world, production);
  await serve(world, staging);
  const ours = [await open(context, world, production), await open(context, world, production)] as const;
  const theirs = [await open(context, world, staging), await open(context, world, staging)] as const;
  const shared = { scope: 'shared', medium: 'local-storage' } as const;
  expect(await login(ours[0], { subject: 'ada', claims: { name: 'Ada' } })).toBe('done');
  expect(await login(theirs[0], { subject: 'grace' })).toBe('done');
  await seen(ours, { status: 'signed-in', subject: 'ada', ...shared });
  await seen(theirs, { status: 'signed-in', subject: 'grace', ...shared });
  expect(await logout(theirs[1])).toBe('done');
  await seen(theirs, { status: 'signed-out', reason: 'logout', endedBy: world.origin(billing) });
  // Had the end come through, it would have done so before this login, which takes the same way.
  expect(await login(ours[1], { subject: 'ada', claims: { name: 'Ada Lovelace' } })).toBe('done');
  await seen(ours, { status: 'signed-in', subject: 'ada', claims: { name: 'Ada Lovelace' } });
  for (const page of ours) expect(await types(page)).toEqual(['login']);
  for (const page of theirs) expect(await types(page)).toEqual(['login', 'logout']);
  // The hub at the root has seen none of it, though it allows both.
  await seen([await openApp(context, world.url(billing))], { status: 'signed-out', reason: 'never' });
});

test("K6.2: an app that prod does not allow reads nothing of prod's session", async ({ world, context }) => {
  await serve(world, production);
  await serve(world, staging);
  const ours = await open(context, world, production);
  expect(await login(ours, { subject: 'ada', sessionId: 'sid-7', claims: { name: 'Ada' } })).toBe('done');
  const theirs = await open(context, world, staging);
  await seen([theirs], { status: 'signed-out', reason: 'never' });
  expect(JSON.stringify([await snapshot(theirs), await events(theirs)])).not.toMatch(/ada|sid-7/i);
});

test("K6.2: staging's idle time does not end prod's session", async ({ world, context }) => {
  await serve(world, production);
  await serve(world, { ...staging, session: { idleTimeoutSeconds: 1 } });
  const ours = await open(context, world, production);
  expect(await login(ours, { subject: 'ada' })).toBe('done');
  const theirs = await open(context, world, staging);
  expect(await login(theirs, { subject: 'grace' })).toBe('done');
  await seen([theirs], { status: 'signed-out', reason: 'idle' });
  await seen([ours, await open(context, world, production)], { status: 'signed-in', subject: 'ada' });
  expect(await types(ours)).toEqual(['login']);
});

test("K6.2: the durable tombstone is each one's own (R12)", async ({ world, context }) => {
  await serve(world, production);
  await serve(world, staging);
  const theirs = await open(context, world, staging);
  // Many ends, so that staging has counted further than prod.
  for (let count = 0; count < 3; count++) {
    expect(await login(theirs, { subject: 'grace' })).toBe('done');
    expect(await logout(theirs)).toBe('done');
  }
  const ours = await open(context, world, production);
  expect(await login(ours, { subject: 'ada' })).toBe('done');
  // A hub that starts on an active record merges the tombstone that it finds.
  await seen([ours, await open(context, world, production)], { status: 'signed-in', subject: 'ada' });
  expect(await logout(ours)).toBe('done');
  const kept = () =>
    hubFrame(theirs, urlOf(world, staging)).evaluate(async () =>
      (await indexedDB.databases()).map(({ name }) => name).sort(),
    );
  expect(await kept()).toEqual(['lockstep/prod', 'lockstep/staging']);
});

test('K6.2: both do their duties at once: a lock of one is none for the other (R6)', async ({ world, context }) => {
  await serve(world, production);
  await serve(world, staging);
  const [ours, theirs] = [await openChecking(context, world, production), await openChecking(context, world, staging)];
  expect(await login(ours, { subject: 'ada' })).toBe('done');
  expect(await login(theirs, { subject: 'grace' })).toBe('done');
  const { check } = world.provider;
  check.answer('held', { active: true, lifeMs: hourMs });
  const outcomeOfTheirs = await askForCheck(theirs);
  await asked(check, 1);
  const outcomeOfOurs = await askForCheck(ours);
  expect(await outcomeOfOurs()).toBe('active');
  check.release({ active: false });
  expect(await outcomeOfTheirs()).toBe('inactive');
  await seen([theirs], { status: 'signed-out', reason: 'revoked' });
  await seen([ours], { status: 'signed-in', subject: 'ada' });
});

test("K6.2: what is deleted under one's key ends that one's session alone, a clear ends both (R4)", async ({
  world,
  context,
}) => {
  await serve(world, production);
  await serve(world, staging);
  const ours = await open(context, world, production);
  const theirs = await open(context, world, staging);
  const meddler = await openPage(context, world.hub.plainUrl);
  expect(await login(ours, { subject: 'ada' })).toBe('done');
  expect(await login(theirs, { subject: 'grace' })).toBe('done');
  // What one process writes reaches the others later.
  await expect
    .poll(() => meddler.evaluate(() => Object.keys(localStorage).sort()))
    .toEqual([...['lockstep-store/prod', 'lockstep-store/staging'], ...['lockstep/prod', 'lockstep/staging']]);
  await meddler.evaluate(() => localStorage.removeItem('lockstep/staging'));
  await seen([theirs], { status: 'signed-out', reason: 'cleared' });
  expect(await login(theirs, { subject: 'grace' })).toBe('done');
  await seen([ours], { status: 'signed-in', subject: 'ada' });
  await meddler.evaluate(() => localStorage.clear());
  await seen([ours, theirs], { status: 'signed-out', reason: 'cleared' });
  expect(await types(ours)).toEqual(['login', 'logout']);
});

test('a hub that its server shows at other addresses, too, is one hub, and leaves nothing under them', async ({
  world,
  context,
}) => {
  // nginx merges slashes, and many hosts answer every path with one page.
  const aliases = ['//prod//', '/prod/index.html', '/prod/1/'];
  await serve(world, production, aliases);
  const first = await open(context, world, production);
  expect(await login(first, { subject: 'ada' })).toBe('done');
  for (const alias of aliases) {
    const page = await openAt(context, `${world.hub.origin}${alias}`, world.url(portal, '/bare'));
    await seen([page], { status: 'signed-in', subject: 'ada' });
  }
  const meddler = await openPage(context, world.hub.plainUrl);
  expect(await meddler.evaluate(() => Object.keys(localStorage).sort())).toEqual([
    ...['lockstep-store/prod', 'lockstep/prod'],
  ]);
});
