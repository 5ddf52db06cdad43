// Who may speak to the hub at all: origins, opaque origins and windows (R11). Each group runs against the headers as
// they are built, where the browser already refuses strangers, and without frame-ancestors, where only the hub itself
// does.

import type { Frame, Page } from '@playwright/test';
import { billing, everything, hubHost, portal, running, seen, type World } from '../support/test.js';
import {
  attackUrl,
  expect,
  frameAttack,
  hubBelow,
  inboxOf,
  openAttack,
  stripFrameAncestors,
  test,
  trafficOf,
} from './attacks.js';

// Of the attack pages.
declare function embed(url: string): Promise<unknown>;
declare function openVictim(url: string): void;

const preview = 'one.preview.acme.localhost';
const vault = 'vault.acme.localhost';
const embedder = 'shell.example.localhost';

test.use({
  hub: {
    host: hubHost,
    apps: {
      [`http://${portal}`]: everything,
      [`http://${billing}`]: everything,
      [`http://${vault}`]: everything,
      'http://ported.acme.localhost:9': everything,
      'http://*.preview.acme.localhost': ['read'],
    },
    embedders: [`http://${embedder}`],
  },
});

// The command line refuses an https app of an http hub, as browsers would split them. Which scheme the entry has is all
// that counts here, so it is altered there: in the built page, and in the header.
test.beforeEach(({ world }) => {
  const https = (text: string) => text.replaceAll(`http://${vault}`, `https://${vault}`);
  world.hub.alterPage(https);
  world.hub.alterHeaders((headers) => ({
    ...headers,
    'Content-Security-Policy': https(headers['Content-Security-Policy'] ?? ''),
  }));
});

/** The hub has received this hello; it sent nothing and closed the port. */
async function closedWithoutAWord(hub: Frame, origin: string): Promise<void> {
  await expect.poll(() => trafficOf(hub)).toEqual({ received: [origin], sent: [], closed: 1 });
}

/**
 * The hub has received that many messages on its window beside its app's hello, and neither answered nor closed a port
 * of theirs.
 */
async function receivedInVain(app: Page, world: World, count: number): Promise<void> {
  const hub = await hubBelow(app, world);
  await expect.poll(async () => (await trafficOf(hub)).received).toHaveLength(1 + count);
}

const strangers = {
  'a foreign site': 'evil.localhost',
  'an unlisted host of the same site': 'evil.acme.localhost',
  'the http twin of an https entry': vault,
  'a listed host on another port': 'ported.acme.localhost',
  'a name that begins like a listed one': 'portal.acme.localhost.evil.localhost',
  'a name that ends like a listed one': 'evilportal.acme.localhost',
  'the domain above the listed hosts': 'acme.localhost',
  'the domain below a wildcard': 'preview.acme.localhost',
  'a name that ends like a wildcard': 'evilpreview.acme.localhost',
} as const;
/** `*` in a Content-Security-Policy means any number of labels; in the allow-list it means one. */
const twoLabels = 'a.b.preview.acme.localhost';

test('the attack page of the strangers does get through from a listed origin', async ({
  world,
  context,
  bystanders,
}) => {
  const page = await openAttack(context, world, preview, 'unlisted-origin.html');
  await page.evaluate('attack()');
  await expect.poll(() => inboxOf(page)).toHaveLength(3);
  // The refusals need no look at the store, so they may come before the welcome.
  const answers = (await inboxOf(page)).map(({ data }) => JSON.parse(String(data)));
  expect(answers).toContainEqual(expect.objectContaining({ type: 'welcome', capabilities: ['read'] }));
  for (const id of [1, 2]) {
    const error = expect.objectContaining({ code: 'forbidden' });
    expect(answers).toContainEqual({ type: 'reply', id, error });
  }
  await bystanders.unharmed();
});

test('the browser keeps strangers from embedding the hub', async ({ world, context, bystanders }) => {
  const pages = [];
  for (const host of Object.values(strangers)) {
    const page = await openAttack(context, world, host, 'unlisted-origin.html');
    const blocked = page.waitForEvent('requestfailed');
    await page.evaluate('attack()');
    expect((await blocked).failure()?.errorText, host).toBe('net::ERR_BLOCKED_BY_RESPONSE');
    pages.push(page);
  }
  await bystanders.unharmed();
  for (const page of pages) expect(await inboxOf(page), page.url()).toEqual([]);
});

test('the hub closes a wildcard to two labels, which the header lets pass', async ({ world, context, bystanders }) => {
  const page = await openAttack(context, world, twoLabels, 'unlisted-origin.html');
  await page.evaluate('attack()');
  await closedWithoutAWord(await hubBelow(page, world), world.origin(twoLabels));
  await bystanders.unharmed();
  expect(await inboxOf(page)).toEqual([]);
});

test('K5.9: the hub closes the port to an embedder, which the header lets pass', async ({
  world,
  context,
  bystanders,
}) => {
  const page = await openAttack(context, world, embedder, 'unlisted-origin.html');
  await page.evaluate('attack()');
  await closedWithoutAWord(await hubBelow(page, world), world.origin(embedder));
  await bystanders.unharmed();
  expect(await inboxOf(page)).toEqual([]);
});

test('without frame-ancestors the hub itself closes the port to strangers', async ({ world, context, bystanders }) => {
  stripFrameAncestors(world);
  const pages = [];
  for (const host of Object.values(strangers)) {
    const page = await openAttack(context, world, host, 'unlisted-origin.html');
    await page.evaluate('attack()');
    await closedWithoutAWord(await hubBelow(page, world), world.origin(host));
    pages.push(page);
  }
  await bystanders.unharmed();
  for (const page of pages) expect(await inboxOf(page), page.url()).toEqual([]);
});

for (const stripped of [false, true]) {
  const where = stripped ? ' without frame-ancestors' : '';

  test(`an opaque origin is nobody${where}`, async ({ world, context, bystanders }) => {
    if (stripped) stripFrameAncestors(world);
    const page = await openAttack(context, world, portal, 'opaque-origin.html');
    await page.evaluate('prepare()');
    const opaque = [];
    for (const name of ['sandboxed', 'srcdoc', 'data']) opaque.push(await frameNamed(page, name));
    for (const frame of opaque) {
      expect(await frame.evaluate('origin')).toBe('null');
      const blocked = stripped ? undefined : page.waitForEvent('requestfailed');
      await frame.evaluate('attack()');
      if (stripped) await closedWithoutAWord(await hubBelow(frame, world), 'null');
      expect((await blocked)?.failure()?.errorText).toBe(stripped ? undefined : 'net::ERR_BLOCKED_BY_RESPONSE');
    }
    await bystanders.unharmed();
    for (const frame of opaque) expect(await frame.evaluate('inbox')).toEqual([]);
    expect(await inboxOf(page)).toEqual([]);
  });

  test.describe('an app with little patience', () => {
    test.use({ client: { timeoutMs: 1500 } });

    test(`who frames an allowed app receives nothing${where}`, async ({ world, context, bystanders }) => {
      if (stripped) stripFrameAncestors(world);
      const page = await openAttack(context, world, 'evil.acme.localhost', 'unlisted-origin.html');
      await page.evaluate((url) => embed(url).then(() => {}), world.url(portal));
      const app = page.mainFrame().childFrames()[0] as Frame;
      await running(app);
      const shown = () => app.evaluate(() => session.getSnapshot().error?.code ?? session.getSnapshot().status);
      // The framed app is an honest one: what it receives is its own affair, and its framing is for its own headers to
      // forbid.
      await expect.poll(shown).toBe(stripped ? 'signed-in' : 'frame-refused');
      await bystanders.unharmed();
      expect(await inboxOf(page)).toEqual([]);
    });
  });
}

/** The page knows its frames before the test's driver does, which learns a frame's name by a message of its own. */
async function frameNamed(page: Page, name: string): Promise<Frame> {
  await expect.poll(() => page.frame({ name }) !== null).toBe(true);
  return page.frame({ name }) as Frame;
}

/** A stranger, and an allowed app: for this, origins make no difference. */
const outsiders = ['evil.acme.localhost', billing];

test("a sibling frame is not the hub's parent, whatever its origin", async ({ world, bystanders }) => {
  const [app] = bystanders.tabs;
  const frames = [];
  for (const host of outsiders) frames.push(await frameAttack(app, attackUrl(world, host, 'wrong-window.html')));
  // Each reaches the hub and the other.
  for (const frame of frames) expect(await frame.evaluate('attack()')).toBe(outsiders.length);
  await receivedInVain(app, world, outsiders.length);
  await bystanders.unharmed();
  for (const frame of frames) expect((await inboxOf(frame)).filter(({ by }) => by === 'port')).toEqual([]);
});

test("the opener of an app's window is not the hub's parent, whatever its origin", async ({
  world,
  context,
  bystanders,
}) => {
  const attackers = [];
  for (const host of outsiders) {
    const attacker = await openAttack(context, world, host, 'wrong-window.html');
    const [victim] = await Promise.all([
      context.waitForEvent('page'),
      attacker.evaluate((url) => openVictim(url), world.url(portal)),
    ]);
    await running(victim);
    await seen([victim], { subject: 'ada' });
    expect(await attacker.evaluate('attack()')).toBe(1);
    await receivedInVain(victim, world, 1);
    attackers.push([attacker, victim] as const);
  }
  await bystanders.unharmed();
  for (const [attacker, victim] of attackers) {
    await seen([victim], { subject: 'grace' });
    expect(await inboxOf(attacker)).toEqual([]);
  }
});

test("a window that the app opened is not the hub's parent, whatever its origin", async ({
  world,
  context,
  bystanders,
}) => {
  const [app] = bystanders.tabs;
  const attackers = [];
  for (const host of outsiders) {
    const [attacker] = await Promise.all([
      context.waitForEvent('page'),
      app.evaluate((url) => void open(url), attackUrl(world, host, 'wrong-window.html')),
    ]);
    await attacker.waitForFunction('document.readyState === "complete"');
    expect(await attacker.evaluate('attack()')).toBe(1);
    attackers.push(attacker);
  }
  await receivedInVain(app, world, outsiders.length);
  await bystanders.unharmed();
  for (const attacker of attackers) expect(await inboxOf(attacker)).toEqual([]);
});

test.describe('with one more script in every document', () => {
  test.use({ ownBrowser: true });

  test('a siege from beside does not keep the app out of a hub that is starting', async ({
    world,
    context,
    bystanders,
  }) => {
    await context.addInitScript(() => {
      // The hub waits for this answer before it runs: held back, the messages of the siege are certain to come first.
      if (!location.host.startsWith('hub.')) return;
      const { requestStorageAccess } = Document.prototype;
      Document.prototype.requestStorageAccess = function (this: Document, ...types: []) {
        const ask = () => requestStorageAccess.apply(this, types);
        return new Promise((resolve) => Object.assign(window, { letStart: () => resolve(ask()) }));
      };
    });
    const app = await openAttack(context, world, portal, 'handshake.html');
    await app.evaluate('embed().then((frame) => Object.assign(window, { frame }))');
    const besieger = await frameAttack(app, attackUrl(world, 'evil.acme.localhost', 'wrong-window.html'));
    expect(await besieger.evaluate('besiege()')).toBe(100);
    const hub = await hubBelow(app, world);
    await expect.poll(async () => (await trafficOf(hub)).received).toHaveLength(100);
    await app.evaluate('Object.assign(window, { line: knock(frame.contentWindow) })');
    await hub.evaluate('letStart()');
    expect(await app.evaluate(`line.until(typed('welcome'))`)).toMatchObject({ snapshot: { subject: 'ada' } });
    await bystanders.unharmed();
    expect(await inboxOf(besieger)).toEqual([]);
  });
});

test('a hub in a window of its own shows nothing and answers nobody', async ({ world, context, bystanders }) => {
  const attacker = await openAttack(context, world, billing, 'top-level-hub.html');
  const [opened] = await Promise.all([context.waitForEvent('page'), attacker.evaluate('openHub()')]);
  await opened.waitForURL(world.hub.url);
  await opened.waitForLoadState('load');
  await attacker.evaluate('attack()');
  await expect.poll(() => trafficOf(opened)).toEqual({ received: [world.origin(billing)], sent: [], closed: 0 });
  expect(await opened.evaluate(() => document.body.innerText.trim())).toBe('');
  expect(await opened.evaluate(() => [...document.body.querySelectorAll('*')].length)).toBe(0);
  await bystanders.unharmed();
  expect(await inboxOf(attacker)).toEqual([]);
});
