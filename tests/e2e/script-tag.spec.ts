// Pages without a bundler: the client is one classic script, loaded from the hub's own server with the headers that the
// build wrote for it.

import type { Page } from '@playwright/test';
import { billing, expect, openPage, portal, test, type World } from './support/test.js';

/** `attributes`: of the script element. */
function page(world: World, attributes = ''): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<script src="${world.hub.url}lockstep.iife.js"${attributes}></script>
<title>No bundler</title>
<button id="login">log in</button><button id="logout">log out</button>
<p id="who"></p>
<script>
  const who = document.getElementById('who');
  const show = ({ status, subject, reason }) => { who.textContent = \`\${status} \${subject ?? reason}\`; };
  const session = lockstep.connect({ hub: '${world.hub.url}', timeoutMs: 3000 });
  session.subscribe(show);
  document.getElementById('login').onclick = () => session.login({ subject: 'ada' });
  document.getElementById('logout').onclick = () => session.logout();
</script>
</html>`;
}

async function show(pages: readonly Page[], text: string): Promise<void> {
  for (const each of pages) await expect(each.locator('#who')).toHaveText(text);
}

async function press(each: Page, id: string): Promise<void> {
  await each.bringToFront();
  await each.locator(id).click();
}

test('K7.8: two pages with one script tag each are in lockstep', async ({ context, world }) => {
  const integrity = ` integrity="${world.hub.clientIntegrity}" crossorigin`;
  const isolated = { 'Cross-Origin-Embedder-Policy': 'require-corp', 'Cross-Origin-Opener-Policy': 'same-origin' };
  world.serve(portal, '/page', page(world, integrity));
  world.serve(billing, '/page', { body: page(world), headers: isolated });
  const first = await openPage(context, world.url(portal, '/page'));
  const second = await openPage(context, world.url(billing, '/page'));
  await show([first, second], 'signed-out never');
  await press(first, '#login');
  await show([first, second], 'signed-in ada');
  await press(second, '#logout');
  await show([first, second], 'signed-out logout');
});

test('K7.8: what the client loads later in other builds is inside', async ({ context, world }) => {
  world.hub.behave('missing');
  world.serve(portal, '/page', page(world));
  const asked: string[] = [];
  context.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const app = await openPage(context, world.url(portal, '/page'));
  await show([app], 'unavailable undefined');
  await expect.poll(() => app.evaluate('session.getSnapshot().error.code')).toBe('hub-not-found');
  expect(asked.filter((path) => path.endsWith('.js'))).toEqual(['/lockstep.iife.js']);
});

test('K7.8: a script that is not the one of the hash is not run', async ({ context, world }) => {
  const other = ` integrity="sha384-${'A'.repeat(64)}" crossorigin`;
  world.serve(portal, '/page', page(world, other));
  const app = await openPage(context, world.url(portal, '/page'));
  expect(await app.evaluate('typeof lockstep')).toBe('undefined');
});
