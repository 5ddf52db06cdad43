// The whole way: a logout token that a provider posts to the push server signs out every tab, over one connection.

import type { BrowserContext } from '@playwright/test';
import { createPushServer, type PushServer, toNodeHandler } from '../../js-glue/server/index.js';
import { makeIssuer, type TestIssuer } from '../unit/server/issuer.js';
import { pushing } from './support/push.js';
import {
  events,
  expect,
  login,
  openApp,
  openTabs,
  portal,
  seen,
  type Tabs,
  test,
  threeApps,
  usualHub,
  type World,
} from './support/test.js';

test.use({ hub: { ...usualHub, ...pushing } });

type Pushing = { readonly server: PushServer; readonly issuer: TestIssuer; readonly revokedBy: () => Promise<number> };

/** The push server at the hub's origin, and a provider that posts a logout token to it. */
async function startServer(world: World, claims: Readonly<Record<string, unknown>>): Promise<Pushing> {
  const issuer = await makeIssuer(pushing.issuer);
  const issuers = [{ issuer: issuer.name, clientIds: ['portal'] }];
  const server = createPushServer({ issuers, fetch: issuer.fetch });
  world.hub.handle('/events', toNodeHandler(server.events));
  world.hub.handle('/backchannel', toNodeHandler(server.backchannelLogout));
  const post = async () => {
    const body = new URLSearchParams({ logout_token: await issuer.logoutToken(claims) });
    return (await fetch(`http://localhost:${new URL(world.hub.origin).port}/backchannel`, { method: 'POST', body }))
      .status;
  };
  return { server, issuer, revokedBy: post };
}

async function signedIn(world: World, context: BrowserContext): Promise<Tabs> {
  const tabs = await openTabs(context, threeApps(world), 2);
  expect(await login(tabs[0], { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
  await seen(tabs, { status: 'signed-in', subject: 'ada' });
  return tabs;
}

for (const [what, claims] of [
  ['of this session', { sid: 'sid-1' }],
  ['of all sessions of this person', { sub: 'ada', sid: undefined }],
] as const) {
  test(`a logout token ${what} signs out six tabs of three apps`, async ({ world, context }) => {
    const { server, revokedBy } = await startServer(world, claims);
    const tabs = await signedIn(world, context);
    await expect.poll(() => server.health().streams).toBe(1);
    expect(await revokedBy()).toBe(200);
    await seen(tabs, { status: 'signed-out', reason: 'revoked' });
    for (const tab of tabs) expect(await events(tab, 'logout')).toMatchObject([{ reason: 'revoked' }]);
    await expect.poll(() => server.health().streams).toBe(0);
    // The end is kept, and ends nobody who signs in after it, whatever the session's name.
    expect(await login(tabs[4], { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
    await expect.poll(() => server.health().streams).toBe(1);
    await seen(tabs, { status: 'signed-in', subject: 'ada' });
    await server.close();
  });
}

test('a token of another person, or of another session, ends nothing', async ({ world, context }) => {
  const { server, revokedBy } = await startServer(world, { sid: 'sid-2', sub: 'grace' });
  const tabs = await signedIn(world, context);
  await expect.poll(() => server.health().streams).toBe(1);
  expect(await revokedBy()).toBe(200);
  // Whom it concerns would have no stream any more.
  expect(server.health().streams).toBe(1);
  await seen(tabs, { status: 'signed-in' });
  await server.revoke({ sessionId: 'sid-1' });
  await seen(tabs, { status: 'signed-out', reason: 'revoked' });
  await server.close();
});

test('what ended while the browser was closed is said when it opens', async ({ world, context }) => {
  const { server, revokedBy } = await startServer(world, { sid: 'sid-1' });
  const tabs = await signedIn(world, context);
  await expect.poll(() => server.health().streams).toBe(1);
  for (const tab of tabs) await tab.close();
  await expect.poll(() => server.health().streams).toBe(0);
  expect(await revokedBy()).toBe(200);
  const late = await openApp(context, world.url(portal));
  await seen([late], { status: 'signed-out', reason: 'revoked' });
  await server.close();
});
