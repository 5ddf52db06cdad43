import { snapshot, test } from './support/test.js';

test.use({ scheme: (process.env.S ?? 'https') as 'http' });
test('wk', async ({ world, engine }) => {
  const t = await engine.open(world.url(world.portal));
  await new Promise((r) => setTimeout(r, 1500));
  console.log(world.hub.requests(), world.hub.url);
  console.log(await t.evaluate(() => ({ h: location.href, html: document.documentElement.outerHTML.slice(0, 1500) })));
  console.log(
    await t
      .evaluate(async () => {
        const u = JSON.parse(document.getElementById('settings')!.textContent!).options.hub + 'plain';
        const s = performance.now();
        try {
          const r = await fetch(u);
          return r.status + ' ' + (performance.now() - s);
        } catch (e) {
          return String(e) + ' ' + (performance.now() - s);
        }
      })
      .catch((e) => e.message),
  );
  console.log(
    await t.evaluate(() => ({
      f: [...document.querySelectorAll('iframe')].map((f) => f.outerHTML),
      res: performance.getEntriesByType('resource').map((r) => r.name.slice(-12) + ' ' + JSON.stringify(r)),
    })),
  );
});
