import { expect, login, logout, seen, snapshot, test } from './support/test.js';

for (const scheme of ['https', 'http'] as const)
  test.describe(scheme, () => {
    test.use({ scheme });
    for (const [name, pair] of [
      ['same-origin', ['portal', 'portal']],
      ['same-site', ['portal', 'billing']],
      ['foreign', ['partner', 'partnerToo']],
    ] as const)
      test(name, async ({ world, engine }) => {
        let t = Date.now();
        const tabs = await world.tabs(world[pair[0] as 'portal'], world[pair[1] as 'portal']);
        console.log(
          engine.name,
          scheme,
          name,
          'opened',
          Date.now() - t,
          JSON.stringify(await snapshot(tabs[0])),
          await tabs[0].evaluate(() => document.visibilityState + isSecureContext),
          await tabs[1].evaluate(() => document.visibilityState),
        );
        expect(await login(tabs[0], { subject: 'ada' })).toBe('done');
        await seen(tabs, { status: 'signed-in', subject: 'ada' });
        expect(await logout(tabs[1])).toBe('done');
        await seen(tabs, { status: 'signed-out', reason: 'logout' });
      });
  });
