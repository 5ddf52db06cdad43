// Whoever inspects finds the tabs of the same store in each engine, by its storage events, and ends their session.

import { expect, login, test, until } from './support/test.js';

test.use({ inspect: ['portal'] });

test('a page that inspects is shown every tab of its app, and what its acts do there', async ({ world, tabs }) => {
  const [tab, other] = await tabs(world.portal, world.portal);
  await tab.evaluate((origin) => {
    const { port1, port2 } = new MessageChannel();
    const shown = new Map<string, string>();
    Object.assign(window, { shown, act: (act: string) => port1.postMessage(JSON.stringify({ type: 'act', act })) });
    port1.onmessage = ({ data }) => {
      const { hub, state } = JSON.parse(data);
      if (hub) shown.set(hub, String(state.shown));
    };
    port1.postMessage('{"type":"watch"}');
    const frame = document.querySelector<HTMLIFrameElement>('iframe[title="Lockstep hub"]');
    frame?.contentWindow?.postMessage('{"lockstep":1,"type":"inspect"}', origin, [port2]);
  }, world.hub.origin);
  const shown = () => tab.evaluate(() => [...(window as unknown as { shown: Map<string, string> }).shown.values()]);
  await until(async () => (await shown()).length, 'hubs').toBe(2);
  expect(await login(other, { subject: 'ada' })).toBe('done');
  await until(async () => (await shown()).filter((text) => text.includes('"ada"')).length, 'tabs').toBe(2);
  await tab.evaluate(() => (window as unknown as { act: (act: string) => void }).act('expire'));
  await until(async () => (await shown()).filter((text) => text.includes('"expired"')).length, 'tabs').toBe(2);
});
