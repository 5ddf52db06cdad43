// Two apps that are opened together on plain http, where only hubs that meet in a storage prove that it is one.

import { connected, expect, login, seen, test } from './support/test.js';
import { topologies } from './support/topologies.js';

const { scheme, in: engines } = topologies.plainOneSite;
test.use({ scheme });

/** As on a slow machine: what hubs report to each other comes before they run. */
const late = '(bytes=>new Promise(run=>setTimeout(run,300)).then(()=>WebAssembly.compile(bytes)))(';

test('K6.5: two apps that are opened together both learn that they share', async ({ world, engine }) => {
  const { scope, medium } = engines[engine.name];
  // The page's policy knows its script by its hash.
  world.hub.alterHeaders((headers) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => !/^content-security-policy$/i.test(name))),
  );
  world.hub.alterPage((html) =>
    html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '').replace('WebAssembly.compile(', late),
  );
  const tabs = await Promise.all([world.portal, world.billing].map((host) => engine.open(world.url(host))));
  for (const tab of tabs) await connected(tab);
  await seen(tabs, { scope, medium });
  const [portal, billing] = tabs;
  if (!portal || !billing || scope !== 'shared') return;
  expect(await login(portal, { subject: 'ada' })).toBe('done');
  await seen([billing], { status: 'signed-in', subject: 'ada' });
});
