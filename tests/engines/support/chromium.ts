// Debian's Chromium, started here with the few switches of the end-to-end tests; puppeteer only connects to it, and
// changes nothing about it.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import puppeteer from 'puppeteer-core';
import { chromiumPath, honestSwitches } from '../../e2e/support/chromium.js';
import { certificate } from './certificate.js';
import type { Browser, Launch, Settings, Tab } from './engine.js';
import { everySites } from './places.js';
import { lineOf, signalGroup, startGroup, whoRuns } from './processes.js';
import { type PuppeteerTab, tabOf, windowOf } from './puppeteer-tab.js';

export const launchChromium: Launch = async (profile, settings): Promise<Browser> => {
  await prepare(profile, settings);
  const group = startGroup(chromiumPath, [
    ...honestSwitches,
    '--host-resolver-rules=MAP *.com 127.0.0.1',
    `--ignore-certificate-errors-spki-list=${certificate().keyHash}`,
    ...(settings.webAssembly ? ['--js-flags=--jitless'] : []),
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
    'about:blank',
  ]);
  const endpoint = await lineOf(group.child, /DevTools listening on (ws:\S+)/);
  const driver = await puppeteer.connect({ browserWSEndpoint: endpoint, defaultViewport: null });
  const adopt = async (page: PuppeteerTab['page']) => tabOf(page);
  const kill = async () => {
    await group.kill();
    await driver.disconnect();
  };
  return {
    name: 'chromium',
    ...windowOf(driver.defaultBrowserContext(), adopt),
    privateWindow: async () => {
      const context = await driver.createBrowserContext();
      return { ...windowOf(context, adopt), close: () => context.close() };
    },
    crash: async (tab, which) => (await whoRuns(which === 'app' ? tab : tab.hub, group.pid)).kill(),
    suspend: () => signalGroup(group.pid, 'SIGSTOP'),
    resume: () => signalGroup(group.pid, 'SIGCONT'),
    kill,
    quit: async () => {
      // The answer may get lost with the connection; the end of the process is what counts.
      await driver.close().catch(() => {});
      await group.exited;
      await kill();
    },
  };
};

/** What only Chromium's own protocol can do to a tab. */
export async function devtools(tab: Tab, method: string, parameters: object = {}): Promise<unknown> {
  const session = await (tab as PuppeteerTab).page.createCDPSession();
  try {
    return await session.send(method as 'Page.enable', parameters as never);
  } finally {
    await session.detach();
  }
}

async function prepare(profile: string, { thirdPartyCookies, storage, answer }: Settings): Promise<void> {
  // Where they are allowed it asks nothing.
  const blocked = thirdPartyCookies === 'blocked' || answer !== undefined;
  const said = { setting: answer === 'yes' ? 1 : 2, last_modified: '13400000000000000' };
  const answers = everySites().map(({ acme, other }) => [`https://[*.]${acme},https://[*.]${other}`, said]);
  const preferences = {
    cookie_controls_mode: blocked ? 1 : 0,
    block_third_party_cookies: blocked,
    // A headless Chromium answers its own question, which then is not remembered.
    ...(answer && { content_settings: { exceptions: { storage_access: Object.fromEntries(answers) } } }),
    ...(storage === 'blocked' && { default_content_setting_values: { cookies: 2 } }),
  };
  await mkdir(join(profile, 'Default'), { recursive: true });
  // A profile that has been used keeps what the browser wrote.
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify({ profile: preferences }), {
    flag: 'wx',
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
