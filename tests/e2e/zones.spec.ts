// Angular's zone.js counts what runs in the caller's zone as work of the app: it looks for changes after each task
// there, and is stable only when none is left.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, login, openApp, portal, reports, seen, test, usualHub, type World } from './support/test.js';

const zoneScript = createRequire(import.meta.url).resolve('zone.js');

test.use({ hub: { ...usualHub, session: { idleTimeoutSeconds: 600 } } });

/** What the app's zone has seen. */
type Seen = { tasks: string[]; isBusy: boolean; readonly listened: string[] };
declare global {
  interface Window {
    zone: Seen;
  }
}

/** An app whose zone notes what runs in it, as Angular's does. */
async function serve(world: World, host: string): Promise<string> {
  const headers = { 'content-type': 'text/javascript' };
  world.serve(host, '/zone.js', { body: await readFile(zoneScript, 'utf8'), headers });
  world.serve(
    host,
    '/zoned',
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>zoned</title><script src="/zone.js"></script>
<body style="height:9000px"><script type="module">
import { connect } from '/lockstep.js';
window.zone = { tasks: [], isBusy: false, listened: [] };
const zone = Zone.current.fork({
  name: 'app',
  onInvokeTask(parent, _, target, task, ...rest) {
    window.zone.tasks.push(task.type + ' ' + task.source);
    return parent.invokeTask(target, task, ...rest);
  },
  onHasTask(parent, _, target, state) {
    parent.hasTask(target, state);
    if (state.change === 'macroTask') window.zone.isBusy = state.macroTask;
  },
});
const plain = (value) => JSON.parse(JSON.stringify(value));
zone.run(() => {
  window.session = connect({ hub: '${world.hub.url}', checkSession: async () => ({ active: true }) });
  const note = (type) => () => window.zone.listened.push(type + ' in ' + Zone.current.name);
  for (const type of ['login', 'logout']) session.on(type, note(type));
});
Object.assign(window, { plain, outcome: (promise) => promise.then(() => 'done', ({ code }) => code) });
document.documentElement.dataset.app = 'running';
</script></html>`,
  );
  return world.url(host, '/zoned');
}

test('K5.12: nothing of the client runs in the zone of its caller but the listeners', async ({ world, context }) => {
  const page = await openApp(context, await serve(world, portal));
  const other = await openApp(context, world.url(reports));
  await login(other, { subject: 'ada' });
  await seen([page], { status: 'signed-in' });
  await page.bringToFront();
  for (let turn = 0; turn < 20; turn++) await page.mouse.wheel(0, 40);
  await page.keyboard.press('a');
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(0);
  expect(await page.evaluate(() => window.zone)).toEqual({ tasks: [], isBusy: false, listened: ['login in app'] });
});

test('K5.12: an app whose hub is away is stable', async ({ world, context }) => {
  const url = await serve(world, portal);
  world.hub.behave('missing');
  const page = await context.newPage();
  await page.goto(url);
  await seen([page], { status: 'unavailable' });
  expect(await page.evaluate(() => window.zone)).toEqual({ tasks: [], isBusy: false, listened: [] });
});
