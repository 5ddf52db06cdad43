// Hubs of one host, on two ports or at two paths, are two sessions also where the record is in a cookie: cookies know
// no ports, and `__Host-` asks for the path `/`. So their names say whose they are (PROTOCOL.md §4.2).

import { hubPage } from '../e2e/support/hub.js';
import { everything, startWorld } from '../e2e/support/world.js';
import { certificate } from './support/certificate.js';
import type { Browser, Tab } from './support/engine.js';
import {
  connected,
  events,
  expect,
  login,
  logout,
  openApp,
  running,
  seen,
  type TestWorld,
  test,
} from './support/test.js';

type Opened = (host: string) => Promise<Tab>;

/** Two projects on one machine, each with its hub and its apps on a port of its own. */
async function onTwoPorts(world: TestWorld, engine: Browser, use: (...open: [Opened, Opened]) => Promise<void>) {
  const apps = Object.fromEntries([world.portal, world.billing].map((host) => [`https://${host}`, everything]));
  const other = await startWorld({
    hub: { host: world.hubHost, apps },
    connect: { timeoutMs: 10_000 },
    tls: certificate(),
  });
  try {
    await use(
      (host) => openApp(engine, world.url(host)),
      (host) => openApp(engine, other.url(host)),
    );
  } finally {
    await other.close();
  }
}

/** `/prod/` and `/staging/`. */
async function atTwoPaths(world: TestWorld, engine: Browser, use: (...open: [Opened, Opened]) => Promise<void>) {
  const apps = Object.fromEntries([world.portal, world.billing].map((host) => [`https://${host}`, everything]));
  const serve = async (path: string): Promise<Opened> => {
    const hub = `${world.hub.origin}${path}`;
    const { html, headers } = await hubPage({ host: world.hubHost, apps }, hub, world.port);
    world.hub.handle(path, (_, response) =>
      response.writeHead(200, { ...headers, 'content-type': 'text/html; charset=utf-8' }).end(html),
    );
    return async (host) => {
      const tab = await engine.open(world.url(host, '/bare'));
      await running(tab);
      await tab.evaluate((hub) => {
        window.session = join({ hub });
      }, hub);
      await connected(tab);
      return tab;
    };
  };
  await use(await serve('/prod/'), await serve('/staging/'));
}

for (const [where, inBoth] of [
  ['on two ports of one host', onTwoPorts],
  ['at two paths of one origin', atTwoPaths],
] as const) {
  test(`K6.2: two hubs ${where} are two sessions`, async ({ world, engine }) => {
    await inBoth(world, engine, async (openOurs, openTheirs) => {
      const ours = [await openOurs(world.portal), await openOurs(world.billing)] as const;
      const theirs = [await openTheirs(world.portal), await openTheirs(world.billing)] as const;
      await seen([...ours, ...theirs], { status: 'signed-out', reason: 'never', scope: 'shared' });
      expect(await login(ours[0], { subject: 'ada' })).toBe('done');
      expect(await login(theirs[0], { subject: 'grace' })).toBe('done');
      await seen(ours, { status: 'signed-in', subject: 'ada' });
      await seen(theirs, { status: 'signed-in', subject: 'grace' });
      expect(await logout(theirs[1])).toBe('done');
      await seen(theirs, { status: 'signed-out', reason: 'logout' });
      // Had the end come through, it would have done so before this login, which takes the same way.
      expect(await login(ours[1], { subject: 'ada', claims: { renewed: true } })).toBe('done');
      const late = await openOurs(world.portal);
      await seen([...ours, late], { status: 'signed-in', subject: 'ada', claims: { renewed: true }, scope: 'shared' });
      for (const tab of ours) expect((await events(tab)).map(({ type }) => type)).toEqual(['login']);
      for (const tab of theirs) expect((await events(tab)).map(({ type }) => type)).toEqual(['login', 'logout']);
    });
  });
}
