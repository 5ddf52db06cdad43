// Push in a browser: from when the server is given a logout token to the last of fifty tabs. The POST itself is not in
// it: push.ts has that.

import { createPushServer, toNodeHandler } from '../../js-glue/server/index.js';
import { makeIssuer } from '../unit/server/issuer.js';
import type { Chromium } from './chromium.js';
import { openDutyTabs } from './duty-tabs.js';
import { pushed, pushedHubHost } from './places.js';
import { progress } from './report.js';
import type { Site } from './site.js';

export type PushedTabs = {
  readonly tabs: number;
  /** To the last tab, one for each round. */
  readonly lastMs: readonly number[];
  /** That the server has at most seen at once. */
  readonly streamsMax: number;
};

export async function measurePushedTabs(browser: Chromium, site: Site, quick: boolean): Promise<PushedTabs> {
  const [count, rounds] = quick ? [10, 10] : [50, 100];
  const issuer = await makeIssuer(pushed.issuer);
  const server = createPushServer({ issuers: [{ issuer: issuer.name, clientIds: ['portal'] }], fetch: issuer.fetch });
  site.handle('/events', toNodeHandler(server.events));
  progress(`push: a logout token to ${count} tabs`);
  const tabs = await openDutyTabs(browser, site, { hub: site.url(pushedHubHost), lifetimeMs: 3_600_000 }, count);
  const lastMs: number[] = [];
  let streamsMax = 0;
  try {
    for (let round = 0; round < rounds; round++) {
      const sessionId = `sid-${round}`;
      await tabs[0]?.evaluate((id) => dutyPage.signIn(id), sessionId);
      await Promise.all(tabs.map((tab) => tab.evaluate((id) => dutyPage.shows(id), sessionId)));
      while (server.health().streams === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      streamsMax = Math.max(streamsMax, server.health().streams);
      const body = new URLSearchParams({ logout_token: await issuer.logoutToken({ sid: sessionId, sub: 'u-1' }) });
      const start = performance.timeOrigin + performance.now();
      const answer = await server.backchannelLogout(new Request('http://localhost/', { method: 'POST', body }));
      if (answer.status !== 200) throw new Error(`The server refuses a token: ${answer.status}`);
      // The pages have noted it. They are asked one after another: fifty questions at once would be what is measured.
      let last = start;
      for (const tab of tabs) last = Math.max(last, await tab.evaluate(() => dutyPage.revokedAt()));
      lastMs.push(last - start);
    }
    return { tabs: count, lastMs, streamsMax };
  } finally {
    await Promise.all(tabs.map((tab) => tab.close()));
    await server.close();
  }
}
