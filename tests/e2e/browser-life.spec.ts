// What outlives the browser itself. Chromium writes localStorage to disk late: killed, it loses what was written last
// and shows an older session again. An end must not be undone that way (R12).

import type { BrowserContext } from '@playwright/test';
import { launch } from './support/browser.js';
import {
  billing,
  expect,
  login,
  logout,
  openApp,
  openPage,
  partner,
  portal,
  seen,
  test,
  usualHub,
  type World,
} from './support/test.js';

/** Starts a browser on the profile, and makes sure that it has ended when `use` has. */
async function inBrowser(
  profile: string,
  end: 'quit' | 'kill',
  use: (context: BrowserContext) => Promise<void>,
): Promise<void> {
  const browser = await launch(profile);
  try {
    await use(browser.context);
    await browser[end]();
  } finally {
    await browser.kill();
  }
}

async function storedRecord(context: BrowserContext, world: World): Promise<string> {
  const page = await openPage(context, world.hub.plainUrl);
  const record = await page.evaluate(() => localStorage.getItem('lockstep') ?? '');
  await page.close();
  return record;
}

test('a session survives a restart of the browser', async ({ world, profileFolder }) => {
  await inBrowser(profileFolder, 'quit', async (context) => {
    const page = await openApp(context, world.url(portal));
    expect(await login(page, { subject: 'ada' })).toBe('done');
  });
  await inBrowser(profileFolder, 'quit', async (context) => {
    await seen([await openApp(context, world.url(billing))], { status: 'signed-in', subject: 'ada' });
  });
});

test('a logout survives a browser that is killed right after it (R12)', async ({ world, profileFolder }) => {
  const signInAndLogOut = async () => {
    await inBrowser(profileFolder, 'quit', async (context) => {
      const page = await openApp(context, world.url(portal));
      expect(await login(page, { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
    });
    await inBrowser(profileFolder, 'kill', async (context) => {
      const page = await openApp(context, world.url(portal));
      await seen([page], { status: 'signed-in', subject: 'ada' });
      expect(await logout(page)).toBe('done');
    });
  };
  const theEndIsShown = async (context: BrowserContext) => {
    const ended = { status: 'signed-out', reason: 'logout', endedBy: world.origin(portal) } as const;
    const page = await openApp(context, world.url(billing));
    await seen([page], ended);
    await expect.poll(() => storedRecord(context, world)).toContain('"ended"');
    // Whoever signs in now has been shown the end.
    expect(await login(page, { subject: 'ada', sessionId: 'sid-1' })).toBe('done');
    await seen([page, await openApp(context, world.url(portal))], { status: 'signed-in', sessionId: 'sid-1' });
  };
  // The browser has to lose the end, or this would prove nothing. Now and then it writes between logout and death.
  for (let isLost = false; !isLost; ) {
    await signInAndLogOut();
    await inBrowser(profileFolder, 'quit', async (context) => {
      isLost = !(await storedRecord(context, world)).includes('"ended"');
      if (isLost) await theEndIsShown(context);
    });
  }
});

test.describe('kept until the browser is closed', () => {
  test.use({ hub: { ...usualHub, session: { persistence: 'browser' } } });

  test('an app that comes first and gets another store keeps the session from its end no longer', async ({
    world,
    profileFolder,
  }) => {
    await inBrowser(profileFolder, 'quit', async (context) => {
      const page = await openApp(context, world.url(portal));
      expect(await login(page, { subject: 'ada' })).toBe('done');
    });
    world.appHeaders(partner, { 'Permissions-Policy': 'storage-access=()' });
    await inBrowser(profileFolder, 'quit', async (context) => {
      const apart = await openApp(context, world.url(partner));
      await seen([apart], { status: 'signed-out', scope: 'partitioned' });
      await seen([await openApp(context, world.url(billing))], { status: 'signed-out', reason: 'cleared' });
    });
  });
});
