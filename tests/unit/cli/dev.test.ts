// The hub for development: which apps it is for, and the command as a developer runs it.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bundleCli } from '../../../js-glue/cli/bundle.mjs';
import { answer, type DevHub, localOrigin, nearAddress, pagesOf } from '../../../js-glue/cli/dev.js';
import { hashSource, readHub } from '../../../js-glue/cli/html.js';
import { hasDisplay } from '../../../js-glue/cli/open-pages.js';
import { type AppOrigin, checkOrigin } from '../../../js-glue/cli/origin.js';
import { artefacts, writeArtefacts } from './parts.js';

const all = ['read', 'login', 'logout', 'activity'];

describe('one request', () => {
  let hub: DevHub;
  beforeEach(() => {
    hub = { port: 5180, artefacts, session: { idleTimeoutSeconds: 60 }, named: [], seen: new Map() };
  });
  const ask = (members: object = {}) =>
    answer(hub, { method: 'GET', url: '/', host: 'localhost:5180', referer: 'http://localhost:5173/', ...members });
  const configOf = (body: string) => JSON.parse(readHub(body)?.config ?? '{}');

  test('the page lists the app that asks, with every capability, and those before it', () => {
    ask();
    const { status, headers, body } = ask({ referer: 'http://127.0.0.1:3000/deep?x=1' });
    expect(status).toBe(200);
    expect(configOf(body)).toMatchObject({
      hub: 'http://localhost:5180/',
      session: { idleTimeoutMs: 60_000 },
      apps: [
        { origin: 'http://localhost:5173', can: all },
        { origin: 'http://127.0.0.1:3000', can: all },
      ],
    });
    expect(headers['Content-Security-Policy']).toContain('frame-ancestors http://localhost:5173 http://127.0.0.1:3000');
    expect(headers['Cache-Control']).toBe('no-store');
  });

  test.each([
    undefined,
    '',
    'https://evil.com/',
    'http://localhost.evil.com/',
    'file:///x',
    'chrome-extension://x/',
    'http://[::1]:3000/',
    'http://my_app.localhost:3000/',
    '%',
  ])('whoever is not of this machine gets no right: %s', (referer) => {
    expect(localOrigin(referer)).toBeUndefined();
    expect(configOf(ask({ referer }).body).apps).toEqual([]);
  });

  test('of more names of this machine than a hub can list it has the newest', () => {
    const names = Array.from({ length: 2_000 }, (_, index) => `http://a${index}.localhost:3000`);
    for (const name of names) ask({ referer: `${name}/` });
    const listed = configOf(ask({ referer: `${names.at(-100)}/` }).body).apps.map(
      (app: { origin: string }) => app.origin,
    );
    expect(listed).toEqual([...names.slice(-99), names.at(-100)]);
  });

  test('an app that the configuration names has what it gives', () => {
    const text = 'http://localhost:5173';
    const origin = { text, scheme: 'http:', host: 'localhost' } as DevHub['named'][number]['origin'];
    hub = { ...hub, named: [{ origin, can: ['read'] }] };
    expect(configOf(ask().body).apps).toEqual([{ origin: text, can: ['read'] }]);
  });

  test('nor gets one that a pattern of the configuration covers more than that', () => {
    const verdict = checkOrigin('http://*.preview.localhost:3000');
    if (!('origin' in verdict)) throw new Error(verdict.sentence);
    hub = { ...hub, named: [{ origin: verdict.origin, can: ['read'] }] };
    const { apps } = configOf(ask({ referer: 'http://a.preview.localhost:3000/' }).body);
    expect(apps).toEqual([{ origin: 'http://*.preview.localhost:3000', can: ['read'] }]);
  });

  test('on port 80, too', () => {
    hub = { ...hub, port: 80 };
    const { status, body } = ask({ host: 'localhost' });
    expect([status, configOf(body).hub]).toEqual([200, 'http://localhost/']);
  });

  test.each([
    ['a name of somebody else that leads here', { host: 'evil.com:5180' }, 421],
    ['no name', { host: undefined }, 421],
    ['another method', { method: 'POST' }, 405],
    ['another file', { url: '/../package.json' }, 404],
  ])('%s is refused', (_, members, status) => {
    const { status: sent, headers } = ask(members);
    expect(sent).toBe(status);
    // The client of an app with a wrong URL says what it reads there.
    expect(headers['Access-Control-Allow-Origin']).toBe('*');
    expect(hub.seen.size).toBe(0);
  });

  test.each([
    ['http://localhost:5173', undefined],
    ['http://localhost', undefined],
    ['http://127.0.0.1:5173', 'http://localhost:5173/'],
    ['http://portal.acme.localhost:5173', 'http://localhost:5173/'],
    ['https://localhost:5173', 'http://localhost:5173/'],
    ['https://portal.localhost', 'http://localhost/'],
  ])('%s is of the hub’s site at %s', (text, address) => {
    expect(nearAddress(localOrigin(`${text}/`) as AppOrigin)).toBe(address);
  });

  test('with a name there is a login page, and the name cannot break out of it', () => {
    expect(ask({ url: '/sign-in' }).status).toBe(404);
    hub = { ...hub, as: `"'><script>alert(1)</script>&` };
    const { status, headers, body } = ask({ url: '/sign-in?return=x' });
    expect(status).toBe(200);
    expect(body).toContain('data-name="&#34;&#39;&#62;&#60;script&#62;alert(1)&#60;/script&#62;&#38;"');
    const [, script = ''] = /<script>([\s\S]+)<\/script>/.exec(body) ?? [];
    expect(headers['Content-Security-Policy']).toContain(`script-src 'self' ${hashSource(script)}`);
    expect(headers['Content-Security-Policy']).toContain("frame-ancestors 'none'");
  });

  test('what --open opens: the login page, and the apps that are given or that the configuration names', () => {
    const named = ['http://localhost:5173', 'http://*.preview.localhost:3000'].map((text) => {
      const verdict = checkOrigin(text);
      if (!('origin' in verdict)) throw new Error(verdict.sentence);
      return { origin: verdict.origin, can: ['read'] } as const;
    });
    hub = { ...hub, named };
    expect(pagesOf(hub, [])).toEqual(['http://localhost:5173/']);
    expect(pagesOf({ ...hub, as: 'ada' }, ['http://localhost:1/x'])).toEqual([
      'http://localhost:5180/sign-in',
      'http://localhost:1/x',
    ]);
  });

  test.each([
    [{ DISPLAY: ':0' }, 'linux', true],
    [{ WAYLAND_DISPLAY: 'wayland-0' }, 'linux', true],
    [{}, 'linux', false],
    [{ DISPLAY: ':0', CI: 'true' }, 'linux', false],
    [{}, 'darwin', true],
    [{ CI: '1' }, 'win32', false],
  ] as const)('with %o on %s a browser can be opened: %s', (env, platform, can) => {
    expect(hasDisplay(env, platform)).toBe(can);
  });

  test('the inspector is a page of its own, which runs its own scripts alone and frames this hub alone', () => {
    const { status, headers, body } = ask({ url: '/inspect' });
    expect(status).toBe(200);
    expect(body).toContain("import { mountInspector } from '/inspector.js'");
    expect(headers['Content-Security-Policy']).toMatch(
      /^default-src 'none'; script-src 'self' 'sha256-\S+'; frame-src 'self';/,
    );
    expect(ask({ url: '/inspector.js' }).body).toBe(artefacts.inspector);
  });

  test('each app that has asked may inspect', () => {
    const { inspect } = configOf(ask().body);
    expect(inspect).toEqual([...hub.seen.keys()]);
  });

  test('both scripts are there, and nothing is kept', () => {
    for (const url of ['/hub-fallback.js', '/lockstep.iife.js?v=1']) {
      const { status, headers } = ask({ url });
      expect([status, headers['Content-Type'], headers['Cache-Control']]).toEqual([
        ...[200, 'text/javascript; charset=utf-8', 'no-store'],
      ]);
    }
  });
});

describe('the command', () => {
  let home = '';
  let work = '';
  let running: ChildProcess | undefined;
  let said = '';

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'lockstep-dev-'));
    await bundleCli(join(home, 'cli'));
    await writeFile(join(home, 'package.json'), '{"type":"module"}');
    await writeArtefacts(home);
  });
  beforeEach(async () => {
    work = await mkdtemp(join(home, 'work-'));
    said = '';
  });
  afterEach(async () => {
    running?.kill('SIGINT');
    await ended();
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  const ended = () =>
    new Promise<number | null>((resolve) => {
      if (!running || running.exitCode !== null) resolve(running?.exitCode ?? null);
      else running.once('exit', resolve);
    });

  const dev = (...args: readonly string[]) => devIn(process.env, ...args);
  function devIn(env: NodeJS.ProcessEnv, ...args: readonly string[]): void {
    running = spawn(process.execPath, [join(home, 'cli/main.js'), 'dev', ...args], { cwd: work, env });
    for (const stream of [running.stdout, running.stderr]) stream?.on('data', (text) => (said += text));
  }
  const says = (text: string | RegExp) => expect.poll(() => said, { timeout: 20_000 }).toMatch(text);
  const hubUrl = async () => {
    await says(/runs at http\S+/);
    return /runs at (http\S+)/.exec(said)?.[1] ?? '';
  };
  const config = (session: object) =>
    writeFile(join(work, 'lockstep.config.json'), JSON.stringify({ hub: 'https://hub.acme.com/', apps, session }));
  const apps = { 'https://portal.acme.com': all };

  test('serves a hub in one word, allows who asks, and ends with Ctrl-C', async () => {
    dev('--port', '0');
    const url = await hubUrl();
    const response = await fetch(url, { headers: { referer: 'http://localhost:4321/' } });
    expect(response.headers.get('content-security-policy')).toContain('frame-ancestors http://localhost:4321');
    expect(await response.text()).toContain('"origin":"http://localhost:4321"');
    await says('Allowed: http://localhost:4321');
    await fetch(url, { headers: { referer: 'http://127.0.0.1:4321/' } });
    await says(/Allowed: http:\/\/127\.0\.0\.1:4321\n.* Open it at http:\/\/localhost:4321\/\n/);
    expect((await fetch(url, { method: 'POST' })).status).toBe(405);
    running?.kill('SIGINT');
    expect(await ended()).toBe(0);
  });

  test('the configuration counts, is read again when it changes, and its faults are named', async () => {
    await config({ idleTimeoutSeconds: 60 });
    dev('--port', '0');
    const url = await hubUrl();
    const page = () => fetch(url).then((response) => response.text());
    expect(await page()).toContain('"idleTimeoutMs":60000');
    await config({ idleTimeoutSeconds: 90 });
    await says('was read again');
    await expect.poll(page).toContain('"idleTimeoutMs":90000');
    await config({ idleTimoutSeconds: 90 });
    await says(/lockstep\.config\.json:1:\d+ .*idleTimoutSeconds/);
    // What was there before counts on: a slip while one types gives nobody more rights.
    await says('goes on as before');
    expect(await page()).toContain('"idleTimeoutMs":90000');
  });

  test.each([
    [['--port', '70000'], '--port must be a number up to 65535'],
    [['--port', 'x'], '--port must be a number'],
    [['--config', 'mine.json'], 'mine.json is not there'],
    [['--prot', '1'], "unknown option '--prot'"],
    [['--as', ''], '--as must be a name'],
    [['--as', 'a'.repeat(257)], '--as must be a name'],
    [['--open', 'file:///etc/passwd'], '--open takes addresses such as http://localhost:5173/'],
  ])('%s is refused', async (args, sentence) => {
    dev(...args);
    expect(await ended()).toBe(1);
    await says(sentence);
  });

  test('opens the login page and the apps, by the program of the system', async () => {
    const opened = join(work, 'opened');
    await writeFile(join(work, 'xdg-open'), `#!/bin/sh\necho "$1" >> ${opened}\n`, { mode: 0o755 });
    const env = { DISPLAY: ':0', PATH: `${work}:${process.env.PATH}` };
    devIn(env, '--port', '0', '--as', 'ada', '--open', 'http://localhost:5173/');
    const url = await hubUrl();
    await says(/Opened: \S+sign-in http:\/\/localhost:5173\//);
    // The programs run side by side.
    const lines = async () => (await readFile(opened, 'utf8').catch(() => '')).trim().split('\n').sort();
    await expect.poll(lines, { timeout: 20_000 }).toEqual([`${url}sign-in`, 'http://localhost:5173/'].sort());
  });

  test.each([
    [{ CI: '1', DISPLAY: ':0' }, ['--open', 'http://localhost:5173/'], 'this is CI, or there is no display'],
    [{ DISPLAY: ':0' }, ['--open'], 'Nothing to open: name the apps'],
  ])('with %o and %o it says why nothing is opened, and runs on', async (env, args, sentence) => {
    devIn({ PATH: `${process.env.PATH}`, ...env }, '--port', '0', ...args);
    await says(sentence);
    expect((await fetch(await hubUrl())).status).toBe(200);
  });

  test('a port that is taken is named', async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) => {
      other.listen(0, 'localhost', () => resolve((other.address() as { port: number }).port));
    });
    dev('--port', String(port));
    expect(await ended()).toBe(1);
    await says(`Port ${port} is taken`);
    other.close();
  });
});
