// What counts as an action of the user, beyond this document's own events (K5.10): what happens in frames and pop-outs,
// and what an app says. Each is seen by the idle end that moves on, in another app's tab, too.

import type { BrowserContext, Page } from '@playwright/test';
import {
  billing,
  expect,
  login,
  openApp,
  partner,
  portal,
  seen,
  snapshot,
  test,
  usualHub,
  type World,
} from './support/test.js';

test.use({ hub: { ...usualHub, session: { idleTimeoutSeconds: 30 } } });

type Act = (page: Page) => Promise<unknown>;

/** Puts something into the page, and says how a user acts there. */
const elsewhere: Readonly<Record<string, (page: Page, world: World) => Promise<Act>>> = {
  'a frame of another site': async (page, world) => {
    world.serve(partner, '/editor', '<!doctype html><textarea></textarea>');
    await page.evaluate(
      (src) => {
        document.body.append(Object.assign(document.createElement('iframe'), { src, id: 'editor' }));
      },
      world.url(partner, '/editor'),
    );
    return typeInFrame(page);
  },
  'an editor in a frame without an address': async (page) => {
    await page.evaluate(() => {
      const srcdoc = '<textarea></textarea>';
      document.body.append(Object.assign(document.createElement('iframe'), { srcdoc, id: 'editor' }));
    });
    return typeInFrame(page);
  },
};

async function typeInFrame(page: Page): Promise<Act> {
  const editor = page.frameLocator('#editor').locator('textarea');
  await editor.click();
  return () => page.keyboard.type('a');
}

/** The page whose user acts, and one of another app. */
async function signedIn(world: World, context: BrowserContext): Promise<readonly [Page, Page]> {
  const other = await openApp(context, world.url(billing));
  const page = await openApp(context, world.url(portal));
  await login(page, { subject: 'ada' });
  await seen([page, other], { status: 'signed-in' });
  return [page, other];
}

/** Asks without the gesture that the driver's own way of asking counts as. */
async function isActivated(page: Page): Promise<unknown> {
  const devtools = await page.context().newCDPSession(page);
  const expression = 'navigator.userActivation.isActive';
  const { result } = await devtools.send('Runtime.evaluate', { expression });
  await devtools.detach();
  return result.value;
}

/**
 * The idle end moves on while the user acts, again and again. It is asked for in the other app's tab alone, since what
 * a driver asks of a page counts as a gesture there.
 */
async function expectCounted(act: () => Promise<unknown>, other: Page): Promise<void> {
  for (let round = 0; round < 2; round++) {
    const { idleAt: before = 0 } = await snapshot(other);
    await expect
      .poll(async () => {
        await act();
        return (await snapshot(other)).idleAt;
      })
      .toBeGreaterThan(before);
  }
}

for (const [what, put] of Object.entries(elsewhere)) {
  test(`K5.10: what a user types in ${what} counts`, async ({ world, context }) => {
    const [page, other] = await signedIn(world, context);
    await page.bringToFront();
    const act = await put(page, world);
    // The click that led there is long past.
    await expect.poll(() => isActivated(page), { timeout: 20_000 }).toBe(false);
    await expectCounted(() => act(page), other);
  });
}

test('K5.10: a pop-out that the app fills counts, and so does what else it names', async ({ world, context }) => {
  const [page, other] = await signedIn(world, context);
  await page.evaluate(() => {
    const popOuts: Window[] = [];
    Object.assign(window, { popOuts });
    const documents = () => popOuts.map((each) => each.document);
    window.join({ activity: { documents, events: ['mousemove'], media: true } });
  });
  const [popOut] = await Promise.all([
    context.waitForEvent('page'),
    page.evaluate(() => {
      const opened = window.open('', '', 'width=300,height=300');
      if (!opened) throw new Error('The browser opens nothing.');
      opened.document.write('<textarea></textarea>');
      opened.document.close();
      (Reflect.get(window, 'popOuts') as Window[]).push(opened);
      // As the user's click there does it.
      window.dispatchEvent(new Event('blur'));
    }),
  ]);
  await popOut.locator('textarea').click();
  await expectCounted(() => popOut.keyboard.type('a'), other);
  await popOut.close();

  await page.bringToFront();
  let step = 0;
  await expectCounted(() => page.mouse.move(100 + (step++ % 50), 200), other);

  await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    setInterval(() => context?.fillRect(Math.random() * 100, 0, 9, 9), 50);
    const video = Object.assign(document.createElement('video'), { muted: true, srcObject: canvas.captureStream() });
    document.body.append(video);
    return video.play();
  });
  await expectCounted(async () => {}, other);
});
