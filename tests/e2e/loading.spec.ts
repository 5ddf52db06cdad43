// How a hub is loaded: it is one page, which browsers keep for some minutes. What goes wrong with it is in
// unavailable.spec.ts.

import { billing, expect, hubFrame, login, openApp, portal, seen, test } from './support/test.js';

test('a hub is one request, and asks for nothing more while it runs', async ({ world, context }) => {
  const first = await openApp(context, world.url(portal));
  await seen([first], { status: 'signed-out', scope: 'shared' });
  expect(world.hub.requests()).toEqual(['/']);

  const second = await openApp(context, world.url(billing));
  await first.reload();
  await seen([first, second], { status: 'signed-out', scope: 'shared' });
  await login(first, { subject: 'ada' });
  await seen([first, second], { status: 'signed-in', subject: 'ada' });
  expect(world.hub.requests()).toEqual(['/', '/', '/']);
  const hub = hubFrame(second, world.hub.url);
  expect(await hub.evaluate(() => performance.getEntriesByType('resource'))).toEqual([]);
});

test('a page that a browser has kept is a whole hub, without its server too', async ({ world, context }) => {
  world.hub.keepPage();
  const first = await openApp(context, world.url(portal));
  await seen([first], { status: 'signed-out', scope: 'shared' });
  await world.hub.stop();
  const second = await openApp(context, world.url(billing));
  await login(second, { subject: 'ada' });
  await seen([first, second], { status: 'signed-in', subject: 'ada' });
});

test('the text of the module does not stay in the document', async ({ world, context }) => {
  const page = await openApp(context, world.url(portal));
  await seen([page], { status: 'signed-out' });
  const hub = hubFrame(page, world.hub.url);
  expect(await hub.evaluate(() => document.getElementById('module'))).toBeNull();
});

test('a browser that cannot decode hexadecimal digits by itself runs the hub', async ({ world, context }) => {
  await context.addInitScript(() => Reflect.deleteProperty(Uint8Array, 'fromHex'));
  const page = await openApp(context, world.url(portal));
  await seen([page], { status: 'signed-out', scope: 'shared' });
  const hub = hubFrame(page, world.hub.url);
  expect(await hub.evaluate(() => 'fromHex' in Uint8Array)).toBe(false);
});

test('a host that sends no header of ours: what a page can say of its policy holds', async ({ world, context }) => {
  world.hub.alterHeaders(({ 'Content-Type': type }) => ({ 'Content-Type': type ?? '' }));
  const page = await openApp(context, world.url(portal));
  await login(page, { subject: 'ada' });
  await seen([page], { status: 'signed-in', subject: 'ada' });
  const violated = await hubFrame(page, world.hub.url).evaluate(async () => {
    const directive = new Promise((resolve) => {
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective));
    });
    document.body.append(Object.assign(document.createElement('script'), { textContent: 'document.title = "in"' }));
    return [await directive, document.title];
  });
  expect(violated).toEqual(['script-src-elem', 'Lockstep hub']);
});
