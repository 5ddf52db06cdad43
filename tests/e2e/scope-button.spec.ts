// The one thing a hub ever shows: the button that asks for the user's gesture, over an element of its app. Headless
// Chromium answers its own question with no, so that what a yes opens is shown in tests/engines, with a yes that was
// given before.

import type { BrowserContext, Page } from '@playwright/test';
import { expect, hubFrame, openApp, partner, portal, seen, test, type World } from './support/test.js';

test.use({ profile: { thirdPartyCookies: 'blocked', storage: 'allowed' } });

const apart = { scope: 'partitioned', medium: 'local-storage', upgrade: 'gesture' } as const;
const label = 'Stay signed in on all our sites';

/** Puts an element into the page and asks over it. The outcome is in `asked`. */
async function ask(page: Page): Promise<void> {
  await page.evaluate((text) => {
    const element = document.createElement('div');
    element.id = 'place';
    element.style.cssText = 'width:320px;height:44px;margin:200px 40px';
    document.body.append(element);
    const asked = session.requestScope({ element, label: text, style: 'color:rgb(1,2,3)' });
    Object.assign(window, { asked: asked.catch((error) => error.code) });
  }, label);
}

const asked = (page: Page) => page.evaluate(() => Reflect.get(window, 'asked') as Promise<string>);

test('it lies over its element, follows it, is reached by keyboard, and goes when the user has answered', async ({
  world,
  context,
}) => {
  const other = await openApp(context, world.url(partner));
  // The last one: the browser asks in the active tab alone, and one brought to the front becomes it some time later.
  const page = await openApp(context, world.url(partner));
  await seen([page, other], apart);
  await ask(page);
  const button = hubFrame(page, world.hub.url).getByRole('button', { name: label });
  await expect(button).toBeVisible();
  await expect(button).toHaveCSS('color', 'rgb(1, 2, 3)');
  const element = page.locator('#place');
  await expect.poll(() => button.boundingBox()).toEqual(await element.boundingBox());

  await page.evaluate(() => scrollBy(0, 120));
  await element.evaluate((place) => {
    place.style.width = '200px';
  });
  await expect.poll(() => button.boundingBox()).toEqual(await element.boundingBox());

  await page.locator('#last').focus();
  await page.keyboard.press('Tab');
  await expect(button).toBeFocused();
  await page.keyboard.press('Enter');
  expect(await asked(page)).toBe('partitioned');
  await expect(page.locator('iframe')).toHaveAttribute('aria-hidden', 'true');
  await expect(page.locator('iframe')).toBeHidden();
  await expect(button).toHaveCount(0);
  await seen([page, other], { ...apart, upgrade: 'denied' });
});

test('nothing is shown where there is nothing to ask for', async ({ world, context }) => {
  const page = await openApp(context, world.url(portal));
  await ask(page);
  expect(await asked(page)).toBe('shared');
  await expect(page.locator('iframe')).toBeHidden();
  await expect(hubFrame(page, world.hub.url).getByRole('button')).toHaveCount(0);
});

test.describe('K5.1: the element is where an app has put it', () => {
  const place = '<div id="place" style="width:320px;height:44px;margin:60px 40px"></div>';
  const inDialog = `<dialog style="width:500px;height:200px">${place}</dialog>`;
  const tall = '<div style="height:900px"></div>';
  const panel = `<div id="panel" style="height:120px;width:400px;overflow:auto">${place}${tall}</div>`;
  const layouts: Readonly<Record<string, { readonly html: string; readonly arrange?: () => void }>> = {
    'in a modal dialog': { html: inDialog, arrange: () => document.querySelector('dialog')?.showModal() },
    'in a body without pointer events': {
      html: `<div style="pointer-events:auto">${place}</div>`,
      arrange: () => document.body.style.setProperty('pointer-events', 'none'),
    },
    'in a body that is transformed and scrolled': {
      html: `<div style="height:600px"></div>${place}<div style="height:3000px"></div>`,
      arrange: () => {
        document.body.style.transform = 'translateZ(0)';
        scrollTo(0, 400);
      },
    },
    'below a root that is shifted and scaled': {
      html: place,
      arrange: () => {
        document.documentElement.style.transform = 'translate(30px, 20px) scale(0.8)';
      },
    },
  };

  async function put(page: Page, html: string, arrange?: () => void): Promise<void> {
    await page.evaluate((text) => {
      document.body.insertAdjacentHTML('beforeend', text);
    }, html);
    if (arrange) await page.evaluate(arrange);
    await page.evaluate((text) => {
      const element = document.querySelector<HTMLElement>('#place') as HTMLElement;
      const asked = session.requestScope({ element, label: text });
      Object.assign(window, { asked: asked.catch((error) => error.code) });
    }, label);
  }

  async function opened(world: World, context: BrowserContext): Promise<Page> {
    const page = await openApp(context, world.url(partner));
    await seen([page], apart);
    return page;
  }

  /** The user clicks where the element is, whatever lies there. */
  async function pressThere(page: Page): Promise<void> {
    const { x = 0, y = 0, width = 0, height = 0 } = (await page.locator('#place').boundingBox()) ?? {};
    await page.mouse.click(x + width / 2, y + height / 2);
  }

  const liesOver = async (page: Page, world: World) => {
    const button = hubFrame(page, world.hub.url).getByRole('button', { name: label });
    await expect(button).toBeVisible();
    await expect
      .poll(async () => {
        const [is, to] = [await page.locator('iframe').boundingBox(), await page.locator('#place').boundingBox()];
        return (
          is && to && Math.max(...(['x', 'y', 'width', 'height'] as const).map((side) => Math.abs(is[side] - to[side])))
        );
      })
      .toBeLessThan(1);
  };

  for (const [where, { html, arrange }] of Object.entries(layouts)) {
    test(`${where}: it is pressed there`, async ({ world, context }) => {
      const page = await opened(world, context);
      await put(page, html, arrange);
      await liesOver(page, world);
      await pressThere(page);
      expect(await asked(page)).toBe('partitioned');
      await seen([page], { upgrade: 'denied' });
      // The frame is back where it was, and its hub has not been loaded again.
      await expect(page.locator('html > iframe')).toHaveCount(1);
      expect(await page.evaluate(() => session.recorded.filter(({ type }) => type === 'error'))).toEqual([]);
    });
  }

  test('an accordion above it opens: it follows', async ({ world, context }) => {
    const page = await opened(world, context);
    await put(page, `<details><summary>more</summary><div style="height:150px"></div></details>${place}`);
    await liesOver(page, world);
    await page.evaluate(() => document.querySelector('details')?.setAttribute('open', ''));
    await liesOver(page, world);
    await pressThere(page);
    expect(await asked(page)).toBe('partitioned');
  });

  test('a panel scrolls it away: it covers nothing else', async ({ world, context }) => {
    const page = await opened(world, context);
    await put(page, `<button id="above" style="display:block;height:60px;width:400px">pay</button>${panel}`);
    await liesOver(page, world);
    await page.evaluate(() => document.querySelector('#panel')?.scrollTo(0, 80));
    const hit = () =>
      page.evaluate(() => {
        const { left, top, width } = (document.querySelector('#place') as HTMLElement).getBoundingClientRect();
        return document.elementFromPoint(left + width / 2, top + 4)?.id;
      });
    await expect.poll(hit).toBe('above');
    await page.evaluate(() => document.querySelector('#panel')?.scrollTo(0, 300));
    await expect
      .poll(() => page.locator('iframe').evaluate((frame) => getComputedStyle(frame).clipPath))
      .toBe('inset(50%)');
    await page.evaluate(() => document.querySelector('#panel')?.scrollTo(0, 0));
    await liesOver(page, world);
    await pressThere(page);
    expect(await asked(page)).toBe('partitioned');
  });

  test('it is taken out of the document: the promise says so', async ({ world, context }) => {
    const page = await opened(world, context);
    await put(page, place);
    await liesOver(page, world);
    await page.evaluate(() => document.querySelector('#place')?.remove());
    expect(await asked(page)).toBe('invalid-argument');
    await expect(page.locator('iframe')).toBeHidden();
  });
});
