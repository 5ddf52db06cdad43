// The one thing a hub ever shows: the button that asks for the user's gesture, over an element of its app. Headless
// Chromium answers its own question with no, so that what a yes opens is shown in tests/engines, with a yes that was
// given before.

import type { Page } from '@playwright/test';
import { expect, hubFrame, openApp, partner, portal, seen, test } from './support/test.js';

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
  const page = await openApp(context, world.url(partner));
  const other = await openApp(context, world.url(partner));
  await page.bringToFront();
  await seen([page, other], apart);
  await ask(page);
  const button = hubFrame(page, world.hub.url).getByRole('button', { name: label });
  await expect(button).toBeVisible();
  await expect(button).toHaveCSS('color', 'rgb(1, 2, 3)');
  const element = page.locator('#place');
  expect(await button.boundingBox()).toEqual(await element.boundingBox());

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
