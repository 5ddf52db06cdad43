// Debian's Firefox ESR over WebDriver BiDi. It knows the tests' hosts by name, one by one.

import puppeteer from 'puppeteer-core';
import type { Browser, Launch } from './engine.js';
import { everyHost } from './places.js';
import { killGroup, killWhoRuns, signalGroup } from './processes.js';
import { type PuppeteerTab, tabOf, windowOf } from './puppeteer_tab.js';

export const firefoxPath = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

export const launchFirefox: Launch = async (profile, { storage, thirdPartyCookies }): Promise<Browser> => {
  const driver = await puppeteer.launch({
    browser: 'firefox',
    executablePath: firefoxPath,
    headless: true,
    acceptInsecureCerts: true,
    defaultViewport: null,
    userDataDir: profile,
    extraPrefsFirefox: {
      'network.dns.localDomains': everyHost().join(','),
      // 2: no site may store anything. 1: none within another site's page. 5, the default: what it stores there is split by the page on top.
      'network.cookie.cookieBehavior': storage === 'blocked' ? 2 : thirdPartyCookies === 'blocked' ? 1 : 5,
    },
  });
  const child = driver.process();
  if (!child?.pid) throw new Error('Firefox was started, but not as a process of ours.');
  const { pid } = child;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const adopt = async (page: PuppeteerTab['page']) => tabOf(page);
  return {
    name: 'firefox',
    ...windowOf(driver.defaultBrowserContext(), adopt),
    privateWindow: async () => {
      const context = await driver.createBrowserContext();
      return { ...windowOf(context, adopt), close: () => context.close() };
    },
    crash: (tab, which) => killWhoRuns(which === 'app' ? tab : tab.hub, pid),
    suspend: () => signalGroup(pid, 'SIGSTOP'),
    resume: () => signalGroup(pid, 'SIGCONT'),
    kill: () => killGroup(pid, exited),
    quit: async () => {
      await driver.close();
      await exited;
    },
  };
};
