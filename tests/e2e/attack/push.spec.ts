// The push server, attacked from pages: it answers no page of another origin, whatever channel that names, believes no
// token that the provider has not made, and a stranger's hub asks it for nothing.

import { createPushServer, toNodeHandler } from '../../../js-glue/server/index.js';
import { makeIssuer, type TestIssuer } from '../../unit/server/issuer.js';
import { channelOf, pushing } from '../support/push.js';
import { portal, usualHub, type World } from '../support/test.js';
import { test as base, expect, hubBelow, openAttack, stripFrameAncestors, trafficOf } from './attacks.js';

// Of the attack page.
declare function listenAt(urls: readonly string[]): Promise<number>;
declare function post(url: string, tokens: readonly string[]): Promise<void>;
declare function embed(): Promise<HTMLIFrameElement>;
declare function knock(window: Window | null): unknown;

type Pushed = {
  readonly issuer: TestIssuer;
  readonly streams: () => number;
  /** What the endpoint of logout tokens has answered so far. */
  readonly statuses: () => readonly number[];
};

const test = base.extend<{ readonly pushed: Pushed }>({
  hub: { ...usualHub, ...pushing },
  pushed: [
    async ({ world }, use) => {
      const issuer = await makeIssuer(pushing.issuer);
      const issuers = [{ issuer: issuer.name, clientIds: ['portal'] }];
      const server = createPushServer({ issuers, fetch: issuer.fetch });
      const statuses: number[] = [];
      const backchannel = toNodeHandler(server.backchannelLogout);
      world.hub.handle('/events', toNodeHandler(server.events));
      world.hub.handle('/backchannel', (request, response) => {
        response.on('finish', () => statuses.push(response.statusCode));
        backchannel(request, response);
      });
      await use({ issuer, streams: () => server.health().streams, statuses: () => [...statuses] });
      await server.close();
    },
    { auto: true },
  ],
});

const evil = 'evil.localhost';

/** Of the session that the bystanders show, and of a thousand others. */
function guesses(world: World): readonly string[] {
  const at = (session: string, subject: string) =>
    `${world.hub.origin}/events?session=${channelOf('sid', session)}&subject=${channelOf('sub', subject)}&age=1`;
  return [at('sid-7', 'ada'), ...Array.from({ length: 999 }, (_, index) => at(`sid-${index + 100}`, `u-${index}`))];
}

for (const [who, host] of [
  ['an app that is allowed', portal],
  ['a stranger', evil],
] as const) {
  test(`${who} opens a thousand streams of guessed channels, and gets none`, async ({
    world,
    context,
    bystanders,
    pushed,
  }) => {
    await expect.poll(pushed.streams).toBe(1);
    const page = await openAttack(context, world, host, 'push.html');
    expect(await page.evaluate((urls) => listenAt(urls), guesses(world))).toBe(0);
    expect(pushed.streams()).toBe(1);
    await bystanders.unharmed();
  });
}

test('tokens that a page posts are refused, whatever they say, and nobody is signed out', async ({
  world,
  context,
  bystanders,
  pushed,
}) => {
  await expect.poll(pushed.streams).toBe(1);
  const ours = { sid: 'sid-7', sub: 'ada' };
  const forger = await makeIssuer(pushing.issuer);
  await forger.rotate();
  const [, payload] = (await pushed.issuer.logoutToken(ours)).split('.');
  const unsigned = `${Buffer.from('{"alg":"none","typ":"logout+jwt"}').toString('base64url')}.${payload}.`;
  const used = await pushed.issuer.logoutToken({ sid: 'sid-of-another', sub: undefined });
  const page = await openAttack(context, world, evil, 'push.html');
  await page.evaluate(([url, tokens]) => post(url, tokens), [
    `${world.hub.origin}/backchannel`,
    [
      unsigned,
      await forger.logoutToken(ours),
      await pushed.issuer.logoutToken({ ...ours, iss: 'https://evil.example' }),
      await pushed.issuer.logoutToken({ ...ours, aud: 'another-app' }),
      await pushed.issuer.logoutToken({ ...ours, nonce: 'of-an-id-token' }),
      await pushed.issuer.logoutToken({ ...ours, iat: Math.floor(Date.now() / 1_000) - 3_600 }),
      'no token at all',
      used,
      used,
    ],
  ] as const);
  expect(pushed.statuses()).toEqual([400, 400, 400, 400, 400, 400, 400, 200, 400]);
  expect(pushed.streams()).toBe(1);
  await bystanders.unharmed();
});

test('a hub that a stranger frames asks for no stream', async ({ world, context, bystanders, pushed }) => {
  await expect.poll(pushed.streams).toBe(1);
  stripFrameAncestors(world);
  const page = await openAttack(context, world, evil, 'push.html');
  await page.evaluate(async () => {
    const frame = await embed();
    knock(frame.contentWindow);
  });
  const hub = await hubBelow(page, world);
  await expect.poll(() => trafficOf(hub)).toEqual({ received: [world.origin(evil)], sent: [], closed: 1 });
  expect(pushed.streams()).toBe(1);
  await bystanders.unharmed();
});
