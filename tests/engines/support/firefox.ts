// Debian's Firefox ESR over WebDriver BiDi. It is started here, since puppeteer's own way of starting it switches off
// site isolation and the back-forward cache that users have. It knows the tests' hosts by name, one by one.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import puppeteer, { type Frame } from 'puppeteer-core';
import type { Browser, Launch, Settings } from './engine.js';
import { everyHost } from './places.js';
import { lineOf, signalGroup, startGroup, whoRuns } from './processes.js';
import { type PuppeteerTab, tabOf, windowOf } from './puppeteer-tab.js';

const firefoxPath = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

export const launchFirefox: Launch = async (profile, settings): Promise<Browser> => {
  const lines = Object.entries(preferences(settings)).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  await writeFile(join(profile, 'user.js'), lines.join(''));
  const group = startGroup(firefoxPath, [
    '--headless',
    '--no-remote',
    '--remote-debugging-port=0',
    '--profile',
    profile,
    'about:blank',
  ]);
  const endpoint = await lineOf(group.child, /WebDriver BiDi listening on (ws:\S+)/);
  const driver = await puppeteer.connect({
    browserWSEndpoint: `${endpoint}/session`,
    protocol: 'webDriverBiDi',
    acceptInsecureCerts: true,
    defaultViewport: null,
  });
  const adopt = async (page: PuppeteerTab['page']) => tabOf(page, clickInFrame);
  return {
    name: 'firefox',
    ...windowOf(driver.defaultBrowserContext(), adopt),
    // A container, whose storage is its own as a private window's is.
    privateWindow: async () => {
      const context = await driver.createBrowserContext();
      return { ...windowOf(context, adopt), close: () => context.close() };
    },
    crash: async (tab, which) => (await whoRuns(which === 'app' ? tab : tab.hub, group.pid)).kill(),
    suspend: () => signalGroup(group.pid, 'SIGSTOP'),
    resume: () => signalGroup(group.pid, 'SIGCONT'),
    kill: group.kill,
    quit: async () => {
      // The answer may get lost with the connection; the end of the process is what counts.
      await Promise.race([driver.close().catch(() => {}), group.exited]);
      await group.exited;
    },
  };
};

/**
 * Puppeteer clicks at the page, whose process does not hand on what lies over a frame of another one. BiDi itself can
 * click within a frame.
 */
async function clickInFrame(frame: Frame, selector: string): Promise<void> {
  const middle = (await frame.evaluate(
    `(() => {
      const element = document.querySelector(${JSON.stringify(selector)});
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x: Math.floor(x + width / 2), y: Math.floor(y + height / 2) }; })()`,
  )) as { readonly x: number; readonly y: number };
  const browser = frame.page().browser() as unknown as BidiBrowser;
  const steps = [
    { type: 'pointerMove', ...middle, origin: 'viewport' },
    { type: 'pointerDown', button: 0 },
    { type: 'pointerUp', button: 0 },
  ];
  const mouse = { type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions: steps };
  const context = (frame as unknown as { readonly _id: string })._id;
  await browser.connection.send('input.performActions', { context, actions: [mouse] });
}

/** What puppeteer has, and does not show. */
type BidiBrowser = { readonly connection: { readonly send: (method: string, parameters: object) => Promise<unknown> } };

function preferences({
  storage,
  thirdPartyCookies,
  answer,
  webAssembly,
}: Settings): Readonly<Record<string, string | number | boolean>> {
  return {
    'network.dns.localDomains': everyHost().join(','),
    // 2: no site may store anything. 1: none within another site's page. 5, the default: what it stores there is split
    // by the page on top.
    'network.cookie.cookieBehavior': storage === 'blocked' ? 2 : thirdPartyCookies === 'blocked' ? 1 : 5,
    // A driver cannot click the browser's own question, so Firefox has a way to answer it. Yes it says by itself, to a
    // user it has seen there.
    ...(answer === 'no' && {
      'dom.storage_access.auto_grants': false,
      'dom.storage_access.prompt.testing': true,
      'dom.storage_access.prompt.testing.allow': false,
    }),
    ...(webAssembly && { 'javascript.options.wasm': false }),
    'browser.shell.checkDefaultBrowser': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'app.update.disabledForTesting': true,
  };
}
