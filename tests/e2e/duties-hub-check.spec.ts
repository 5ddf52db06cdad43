// `check.url`: the hub asks its own origin, with the user's cookies, and no app needs a duty. Only a 200 with an answer
// of the right shape is one (PROTOCOL.md §5).

import type { BrowserContext } from '@playwright/test';
import { createEndpoint, type Endpoint, type Given } from './support/provider.js';
import {
  askAll,
  asked,
  dutyIs,
  events,
  expect,
  hourMs,
  login,
  logout,
  openTabs,
  portal,
  seen,
  snapshot,
  storedRecord,
  type Tabs,
  test,
  threeApps,
  usualHub,
  type World,
} from './support/test.js';

const beforeMs = 4_000;
test.use({ hub: { ...usualHub, session: { checkBeforeExpirySeconds: beforeMs / 1_000 }, check: { url: '/session' } } });

function sessionOf(world: World): Endpoint {
  const endpoint = createEndpoint();
  world.hub.handle('/session', endpoint.respond);
  return endpoint;
}

async function signedIn(world: World, context: BrowserContext, each: number, lifeMs?: number): Promise<Tabs> {
  await context.addCookies([{ name: 'sid', value: 'of-ada', url: world.hub.origin, httpOnly: true, sameSite: 'Lax' }]);
  const tabs = await openTabs(context, threeApps(world), each);
  await login(tabs[0], { subject: 'ada', ...(lifeMs && { expiresAt: Date.now() + lifeMs }) });
  await seen(tabs, { status: 'signed-in', subject: 'ada' });
  return tabs;
}

test('six tabs: one request a period, with cookies, and every tab shows the new expiry', async ({ world, context }) => {
  const endpoint = sessionOf(world);
  const life = { active: true, lifeMs: beforeMs * 2 } as const;
  endpoint.answer(life, life, life, { active: true, lifeMs: hourMs });
  const tabs = await signedIn(world, context, 2, beforeMs * 2);
  await asked(endpoint, 4);
  const calls = endpoint.calls();
  await seen(tabs, { status: 'signed-in', expiresAt: calls[3]?.expiresAt ?? 0 });
  for (const tab of tabs) await dutyIs(tab, world, 'done');
  expect(endpoint.calls()).toHaveLength(4);
  for (const [index, call] of calls.entries()) {
    // Beside it is the mark that the store is the first party's.
    expect(call).toMatchObject({ method: 'GET', cookie: expect.stringMatching(/^sid=of-ada(;|$)/), is: 'answered' });
    if (index > 0) expect(call.at).toBeGreaterThanOrEqual((calls[index - 1]?.expiresAt ?? 0) - beforeMs);
  }
  expect(world.provider.check.calls()).toEqual([]);
});

test('every tab may ask, and gets the outcome of one request', async ({ world, context }) => {
  const endpoint = sessionOf(world);
  const claims = { name: 'Ada', plan: 'team' };
  endpoint.answer('held');
  const tabs = await signedIn(world, context, 2);
  const outcomes = await askAll(tabs);
  await asked(endpoint, 1);
  endpoint.release({ status: 200, body: JSON.stringify({ active: true, claims }) });
  expect(new Set(await outcomes())).toEqual(new Set(['active']));
  await seen(tabs, { status: 'signed-in', subject: 'ada', claims });
  expect(endpoint.calls()).toHaveLength(1);
});

const html = { 'content-type': 'text/html' };
const noAnswers: Readonly<Record<string, Given>> = {
  'a 401': { status: 401, body: '{"active":false}' },
  HTML: { status: 200, headers: html, body: '<!doctype html><title>Log in</title>' },
  'K8.10: JSON after a byte order mark': { status: 200, body: '\ufeff{"active":false}' },
  'K8.10: more than a hub reads': { status: 200, body: `{"active":false}${' '.repeat(1_000_000)}` },
  'a redirect': { status: 302, headers: { location: '/no-session' } },
};
for (const [what, answer] of Object.entries(noAnswers)) {
  test(`${what} is no answer: nobody is signed out`, async ({ world, context }) => {
    const endpoint = sessionOf(world);
    // Where the redirect leads, a plain no would be found.
    world.hub.handle('/no-session', (_, response) => response.end('{"active":false}'));
    endpoint.answer('held');
    const tabs = await signedIn(world, context, 1);
    const outcomes = await askAll(tabs);
    await asked(endpoint, 1);
    endpoint.release(answer);
    expect(await outcomes()).toEqual(['unknown', 'unknown', 'unknown']);
    expect(endpoint.calls()).toHaveLength(1);
    await dutyIs(tabs[0], world, 'unknown');
    await seen(tabs, { status: 'signed-in', subject: 'ada' });
    expect((await storedRecord(tabs[0], world)).duty).toMatchObject({ failures: 1 });
  });
}

test('a plain no ends the session in every tab, and no app is named for it', async ({ world, context }) => {
  const endpoint = sessionOf(world);
  endpoint.answer({ active: false });
  const tabs = await signedIn(world, context, 2);
  expect(await tabs[4].evaluate(() => session.check())).toBe('inactive');
  await seen(tabs, { status: 'signed-out', reason: 'revoked' });
  for (const tab of tabs) {
    expect(await snapshot(tab)).not.toHaveProperty('endedBy');
    expect(await events(tab)).toMatchObject([{ type: 'login' }, { type: 'logout', reason: 'revoked' }]);
  }
  expect(endpoint.calls()).toHaveLength(1);
});

test('a logout during the request aborts it', async ({ world, context }) => {
  const endpoint = sessionOf(world);
  endpoint.answer('held');
  const tabs = await signedIn(world, context, 1);
  const outcome = tabs[1].evaluate(() => session.check());
  await asked(endpoint, 1);
  expect(await logout(tabs[0])).toBe('done');
  expect(await outcome).toBe('inactive');
  await expect.poll(() => endpoint.calls()).toMatchObject([{ is: 'gone' }]);
  await seen(tabs, { status: 'signed-out', reason: 'logout', endedBy: world.origin(portal) });
});
