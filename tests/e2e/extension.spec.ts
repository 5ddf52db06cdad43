// An app whose pages are of no web scheme: an extension that embeds the hub. Its key is made for each worker, and
// Chromium makes its origin from the key.

import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext } from '@playwright/test';
import { launch } from './support/browser.js';
import {
  test as base,
  everything,
  expect,
  login,
  logout,
  openApp,
  portal,
  seen,
  snapshot,
  usualHub,
  type World,
} from './support/test.js';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const der = publicKey.export({ type: 'spki', format: 'der' });
/** The first 16 bytes of the key's hash, as hexadecimal digits from a to p. */
const id = createHash('sha256')
  .update(der)
  .digest('hex')
  .slice(0, 32)
  .replace(/./g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)));
const origin = `chrome-extension://${id}`;

/** The app of the world, as files of an extension. */
async function writeExtension(world: World, folder: string): Promise<void> {
  await mkdir(folder);
  const manifest = { manifest_version: 3, name: 'An app', version: '1', key: der.toString('base64') };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  for (const name of ['index.html', 'app.js', 'lockstep.js', 'diagnose.js', 'duties.js', 'scope.js']) {
    const response = await fetch(world.url('localhost', name === 'index.html' ? '/' : `/${name}`));
    await writeFile(join(folder, name), await response.text());
  }
}

const test = base.extend<{ readonly extended: BrowserContext }>({
  // The harder case: to a page of another site the hub's storage would not be given without a click.
  profile: { thirdPartyCookies: 'blocked', storage: 'allowed' },
  extended: async ({ world, profileFolder }, use) => {
    const folder = join(profileFolder, 'extension');
    await writeExtension(world, folder);
    const { context, kill } = await launch(profileFolder, {}, `--load-extension=${folder}`);
    await use(context);
    await kill();
  },
});

test.describe('an extension that is listed', () => {
  test.use({ hub: { ...usualHub, apps: { ...usualHub.apps, [origin]: everything } } });

  test('K7.7: the pages of an extension are in lockstep with every app', async ({ extended, world }) => {
    const page = await openApp(extended, `${origin}/index.html`);
    const tabs = [page, await openApp(extended, `${origin}/index.html`), await openApp(extended, world.url(portal))];
    await seen(tabs, { status: 'signed-out', reason: 'never', scope: 'shared' });
    expect(await login(page, { subject: 'ada' })).toBe('done');
    await seen(tabs, { status: 'signed-in', subject: 'ada' });
    expect(await logout(page)).toBe('done');
    await seen(tabs, { status: 'signed-out', reason: 'logout', endedBy: origin });
  });
});

test('K7.7: an extension that is not listed gets no welcome', async ({ extended }) => {
  const page = await openApp(extended, `${origin}/index.html`);
  const refused = { status: 'unavailable', error: { code: 'origin-refused' } };
  await expect.poll(() => snapshot(page)).toMatchObject(refused);
});
