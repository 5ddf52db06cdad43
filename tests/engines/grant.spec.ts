// The user lets an app of another site be in lockstep with the hub's own site: by a click on the hub's button, or, in
// Chromium, whose headless form cannot show its question, long ago. Or the user says no.

import type { Browser, Tab } from './support/engine.js';
import { note } from './support/rows.js';
import {
  connected,
  events,
  expect,
  login,
  logout,
  openApp,
  seen,
  snapshot,
  type TestWorld,
  test,
  until,
} from './support/test.js';
import { granted, refused } from './support/topologies.js';

const item = 'reach';

test.describe('agreed', () => {
  // Third-party cookies are blocked in Chromium alone: that is when it asks. Firefox always does.
  test.use({ settings: { answer: 'yes' } });

  test('a login and a logout travel to another site and back, and a later tab needs no gesture', async ({
    world,
    engine,
    tabs,
  }) => {
    const [home] = await tabs(world.portal);
    const { medium } = await snapshot(home);
    await visitHub(world, engine);
    const [far] = await tabs(world.partner);
    if (engine.name !== 'chromium') {
      await seen([far], { scope: 'partitioned' });
      const scope = await askedByClick(far);
      if (engine.name === 'webkit') {
        // It lets the frame read what the site stores, and refuses what it writes.
        expect(scope).toBe('partitioned');
        await seen([far], { scope: 'partitioned', medium: 'local-storage', upgrade: 'unsupported' });
        return note(item, granted, 'partitioned, local-storage, upgrade: unsupported');
      }
      expect(scope).toBe('shared');
      expect(await events(far, 'scope')).toMatchObject([{ from: 'partitioned', scope: 'shared' }]);
    }
    const carrier = engine.name === 'chromium' ? 'storage-access' : medium;
    const late = await openApp(engine, world.url(world.partnerToo));
    await seen([far, late], { scope: 'shared', medium: carrier, upgrade: 'none' });
    await login(home, { subject: 'ada' });
    await seen([home, far, late], { status: 'signed-in', subject: 'ada' });
    expect(await login(far, { subject: 'grace' })).toBe('done');
    await seen([home, far, late], { status: 'signed-in', subject: 'grace' });
    expect(await logout(late)).toBe('done');
    await seen([home, far, late], { status: 'signed-out', endedBy: world.origin(world.partnerToo) });
    note(item, granted, `shared, ${carrier}`);
  });
});

test.describe('refused', () => {
  test.use({ settings: { answer: 'no' } });

  test('a refusal is reported, and takes nothing away', async ({ world, engine, tabs }) => {
    const [far, second] = await tabs(world.partner, world.partner);
    // Chromium's no was given long ago, and Firefox's is the answer to this question. Both keep it to themselves.
    // WebKitGTK says yes to every user, and no only where no user has pressed. In each of them the hub has to remember
    // that itself.
    expect(await askedByClick(far, engine.name === 'webkit' ? pressAsNobody : pressAsUser)).toBe('partitioned');
    const upgrade = 'denied';
    await seen([far], { scope: 'partitioned', medium: 'local-storage', upgrade });
    await far.reload();
    await connected(far);
    await seen([far], { scope: 'partitioned', medium: 'local-storage', upgrade });
    await login(far, { subject: 'ada' });
    await seen([far, second], { status: 'signed-in', subject: 'ada', scope: 'partitioned' });
    note(item, refused, `partitioned, local-storage, upgrade: ${upgrade}`);
  });
});

const pressAsUser = (app: Tab) => app.hub.click('button');
const pressAsNobody = (app: Tab) => app.hub.evaluate(() => document.querySelector('button')?.click());

/** Firefox believes a user who has been at the hub's own site, and does not ask. */
async function visitHub(world: TestWorld, engine: Browser): Promise<void> {
  const visit = await engine.open(world.hub.plainUrl);
  await visit.click('p');
  await visit.close();
}

/** The user clicks the hub's button over the app's. Returns the scope that the app gets, in the end. */
async function askedByClick(app: Tab, press = pressAsUser): Promise<string> {
  await app.show();
  await app.evaluate(() => {
    const element = document.querySelector('#first') as HTMLElement;
    const requested = session.requestScope({ element, label: 'Share my session' });
    requested.then(
      (scope) => Object.assign(window, { requested: scope }),
      (error) => Object.assign(window, { requested: `${error}` }),
    );
  });
  const answer = () => app.evaluate(() => (Reflect.get(window, 'requested') as string | undefined) ?? '');
  const offered = () =>
    app.evaluate(() => document.querySelector('iframe')?.checkVisibility({ visibilityProperty: true }));
  await until(async () => (await answer()) !== '' || (await offered()), 'the button, or an answer').toBe(true);
  if ((await answer()) === '') {
    const clicked = () =>
      press(app).then(
        () => true,
        () => false,
      );
    // What has just become visible to the page is so to its frame a moment later.
    await until(clicked, 'a click').toBe(true);
  }
  await until(answer, 'the answer').not.toBe('');
  return answer();
}
