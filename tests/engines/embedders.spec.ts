// An app in a frame of a page that is no app, of another site: it is in lockstep with whom the browser lets it be
// there, and with all where the user can be asked and has agreed.

import type { Browser, Tab } from './support/engine.js';
import { expect, login, type PlainSnapshot, seen, type TestWorld, test, until } from './support/test.js';

test.use({ embedders: ['magazine'] });

// What the framed app shows, and what it is asked to do, goes by window messages: a driver reaches no frame in a frame.
const appPage = (hub: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>framed</title>
<p id="place">Share my session</p>
<script type="module">
  import { connect } from '/lockstep.js';
  const session = connect({ hub: '${hub}' });
  const show = (snapshot) => parent.postMessage(JSON.parse(JSON.stringify(snapshot)), '*');
  const element = document.getElementById('place');
  addEventListener('message', ({ data }) => {
    if (data === 'logout') session.logout();
    else if (data === 'ask') session.requestScope({ element, label: 'Share my session' }).catch(() => {});
    else session.login({ subject: data });
  });
  session.subscribe(show);
  show(session.getSnapshot());
</script>
</html>`;

const shellPage = (app: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>shell</title>
<iframe src="${app}" width="400" height="200"></iframe>
<script>addEventListener('message', ({ data }) => { window.shown = data; });</script>
</html>`;

async function openShell(engine: Browser, world: TestWorld): Promise<Tab> {
  world.serve(world.portal, '/framed', appPage(world.hub.url));
  world.serve(world.magazine, '/shell', shellPage(world.url(world.portal, '/framed')));
  return engine.open(world.url(world.magazine, '/shell'));
}

function shown(shell: Tab): Promise<Partial<PlainSnapshot>> {
  return shell.evaluate(() => (Reflect.get(window, 'shown') as PlainSnapshot | undefined) ?? {});
}

async function showing(shells: readonly Tab[], members: Partial<PlainSnapshot>): Promise<void> {
  for (const shell of shells) await until(() => shown(shell), 'the framed app').toMatchObject(members);
}

const say = (shell: Tab, text: string) => shell.evaluate((said) => frames[0]?.postMessage(said, '*'), text);

test('K5.9: an app works below an embedder of another site', async ({ world, engine }) => {
  const shells = [await openShell(engine, world), await openShell(engine, world)] as const;
  await showing(shells, { status: 'signed-out', reason: 'never' });
  await say(shells[0], 'ada');
  await showing(shells, { status: 'signed-in', subject: 'ada' });
  await say(shells[1], 'logout');
  await showing(shells, { status: 'signed-out', reason: 'logout', endedBy: world.origin(world.portal) });
});

test.describe('agreed', () => {
  test.use({ settings: { answer: 'yes' } });

  test('K5.9: once the user has agreed, it is in lockstep with apps elsewhere', async ({ world, engine, tabs }) => {
    const [home] = await tabs(world.portal);
    const visit = await engine.open(world.hub.plainUrl);
    await visit.click('p');
    await visit.close();
    const shell = await openShell(engine, world);
    // WebKit asks nobody for a frame in a frame.
    await showing([shell], { scope: 'partitioned', upgrade: engine.name === 'webkit' ? 'unsupported' : 'gesture' });
    // Chromium's headless form cannot show its question, and the yes that it was given is for another site.
    if (engine.name !== 'firefox') return;
    await say(shell, 'ask');
    const clicked = () =>
      shell.hub.click('button').then(
        () => true,
        () => false,
      );
    await until(clicked, 'a click').toBe(true);
    await showing([shell], { scope: 'shared', medium: 'cookie' });
    expect(await login(home, { subject: 'ada' })).toBe('done');
    await showing([shell], { status: 'signed-in', subject: 'ada' });
    await say(shell, 'logout');
    await seen([home], { status: 'signed-out', reason: 'logout' });
  });
});
