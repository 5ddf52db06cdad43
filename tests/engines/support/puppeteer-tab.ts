// Tabs of the two engines that puppeteer drives, Chromium over its own protocol and Firefox over WebDriver BiDi.

import type { BrowserContext, Frame, Page } from 'puppeteer-core';
import { callOf, type Place, type Tab, type Window } from './engine.js';

export type PuppeteerTab = Tab & { readonly page: Page };

/** Every hub of the tests has such a name. */
export const isHub = (url: string) => url.startsWith('http') && new URL(url).hostname.startsWith('hub.');

/** A click in the middle of this element of this frame. */
export type Click = (frame: Frame, selector: string) => Promise<void>;

const clickByPuppeteer: Click = async (frame, selector) => {
  const element = await frame.$(selector);
  if (!element) throw new Error(`There is no ${selector} to click.`);
  await element.click();
  await element.dispose();
};

const placeOf = (frame: () => Frame, click: Click): Place => ({
  // As text, so that no function of the test's own compiler is looked for in the page.
  evaluate: async (script, argument) => (await frame().evaluate(callOf(script as never, argument))) as never,
  click: (selector) => click(frame(), selector),
});

export function tabOf(page: Page, clickInFrame = clickByPuppeteer): PuppeteerTab {
  const hubFrame = () => {
    const frame = page.frames().find((each) => each !== page.mainFrame() && isHub(each.url()));
    if (!frame) throw new Error(`${page.url()} holds no hub.`);
    return frame;
  };
  return {
    page,
    ...placeOf(() => page.mainFrame(), clickByPuppeteer),
    hub: placeOf(hubFrame, clickInFrame),
    goto: async (url) => void (await page.goto(url)),
    // The page may be gone before the driver has an answer.
    back: async () => void (await page.evaluate('setTimeout(() => history.back()), undefined')),
    reload: async () => void (await page.reload()),
    show: () => page.bringToFront(),
    close: () => page.close(),
  };
}

export function windowOf(context: BrowserContext, adopt: (page: Page) => Promise<PuppeteerTab>): Window {
  const tabs = new Set<Page>();
  const take = (page: Page) => {
    tabs.add(page);
    page.once('close', () => tabs.delete(page));
    return adopt(page);
  };
  return {
    open: async (url) => {
      const tab = await take(await context.newPage());
      await tab.goto(url);
      return tab;
    },
    at: async (url) => {
      const page = (await context.pages()).find((each) => each.url() === url);
      return page && take(page);
    },
    opened: async (by) => {
      const before = new Set(await context.pages());
      await by();
      for (;;) {
        const page = (await context.pages()).find((each) => !before.has(each));
        if (page) return take(page);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    closeTabs: async () => {
      await Promise.all([...tabs].map((page) => page.close().catch(() => {})));
      tabs.clear();
    },
  };
}
