// The hub in production: what is sent for its files, and the command as an owner runs it, with push and a bus.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:http2';
import { Agent, get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pageName } from '../../../js-glue/cli/build.js';
import { bundleCli } from '../../../js-glue/cli/bundle.mjs';
import { answerFile, compressFiles } from '../../../js-glue/cli/serve.js';
import { endAll, freePort, startBus } from '../server/cluster/processes.js';
import { issuerName } from '../server/issuer.js';
import { eventsQuery, readStream, soon } from '../server/requests.js';
import { artefacts, build, configText, textOf, writeArtefacts } from './parts.js';

const portal = ['https://portal.acme.com'];
/** The configuration of a hub that knows its server's paths. */
const asking = '"check":{"url":"https://hub.acme.com/session"},"push":{"url":"https://hub.acme.com/push"}';

describe('the files', () => {
  const page = '<!doctype html>'.repeat(100);
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'public, max-age=300' };
  const files = compressFiles({ files: new Map([['/', { headers, body: page }]]) });
  const ask = (members: object = {}) =>
    answerFile(files, { method: 'GET', path: '/', acceptEncoding: undefined, ifNoneMatch: undefined, ...members });

  test.each<readonly [string | undefined, string | undefined, (body: Buffer) => Buffer]>([
    [undefined, undefined, (body) => body],
    ['gzip, deflate', 'gzip', gunzipSync],
    ['gzip, deflate, br, zstd', 'br', brotliDecompressSync],
    ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
    ['identity', undefined, (body) => body],
    ['brotli, xgzip', undefined, (body) => body],
  ])('are compressed as the browser can read them: %s', (acceptEncoding, encoding, decode) => {
    const answer = ask({ acceptEncoding });
    expect(answer.headers).toMatchObject({ ...headers, Vary: 'Accept-Encoding', 'X-Content-Type-Options': 'nosniff' });
    expect(answer.headers['Content-Encoding']).toBe(encoding);
    expect(`${decode(answer.body as Buffer)}`).toBe(page);
  });

  test('are not sent again to who has them, in the same encoding', () => {
    const { ETag: tag = '' } = ask({ acceptEncoding: 'br' }).headers;
    const again = ask({ acceptEncoding: 'br', ifNoneMatch: `"other", W/${tag}` });
    expect([again.status, again.body, again.headers.ETag]).toEqual([304, '', tag]);
    expect(ask({ acceptEncoding: 'gzip', ifNoneMatch: tag }).status).toBe(200);
  });

  test.each([
    ['another method', { method: 'DELETE' }, 405],
    ['another file', { path: '/../package.json' }, 404],
    ['a name of JavaScript', { path: '__proto__' }, 404],
  ])('%s is refused', (_, members, status) => {
    expect(ask(members)).toMatchObject({ status, headers: { 'Access-Control-Allow-Origin': '*' } });
  });
});

describe('the command', () => {
  let home = '';
  let work = '';
  const running = new Map<ChildProcess, { said: string }>();

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'lockstep-serve-'));
    await bundleCli(join(home, 'cli'));
    await writeFile(join(home, 'package.json'), '{"type":"module"}');
    // The libraries of the buses are the owner's own.
    await symlink(fileURLToPath(new URL('../../../node_modules', import.meta.url)), join(home, 'node_modules'));
    await writeArtefacts(home);
  });
  beforeEach(async () => {
    work = await mkdtemp(join(home, 'work-'));
  });
  afterEach(async () => {
    await Promise.all([...running.keys()].map((child) => stop(child, 'SIGKILL')));
    running.clear();
  });
  afterAll(async () => {
    await endAll();
    await rm(home, { recursive: true, force: true });
  });

  async function writeHub(hub = 'https://hub.acme.com/', more = asking): Promise<void> {
    const built = build(configText(portal, hub));
    await mkdir(join(work, 'lockstep-hub'), { recursive: true });
    for (const [name, content] of built.files) await writeFile(join(work, 'lockstep-hub', name), content);
    const page = textOf(built, pageName).replace('"session":{}', `"session":{},${more}`);
    await writeFile(join(work, 'lockstep-hub', pageName), page);
  }
  const writePush = (text = `export default { issuers: [{ issuer: '${issuerName}' }] };`) =>
    writeFile(join(work, 'push.mjs'), text);

  function serve(...args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, [join(home, 'cli/main.js'), 'serve', ...args], { cwd: work });
    const output = { said: '' };
    running.set(child, output);
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output.said += text));
    return child;
  }
  const saidBy = (child: ChildProcess) => running.get(child)?.said ?? '';
  const says = (child: ChildProcess, text: string | RegExp) => expect.poll(() => saidBy(child), soon).toMatch(text);
  const exited = (child: ChildProcess) =>
    new Promise<number | null>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
      else child.once('exit', resolve);
    });
  const stop = (child: ChildProcess, signal: NodeJS.Signals) => {
    child.kill(signal);
    return exited(child);
  };
  async function urlOf(child: ChildProcess): Promise<string> {
    await says(child, /"event":"listening"/);
    return /"at":"([^"]+)"/.exec(saidBy(child))?.[1] ?? '';
  }

  test('serves what was built, with its headers, below its path', async () => {
    await writeHub('https://acme.com/hub/', '"more":1');
    const child = serve('--port', '0');
    const base = await urlOf(child);
    const page = await fetch(`${base}/hub/`);
    expect(page.headers.get('content-security-policy')).toContain('frame-ancestors https://portal.acme.com');
    expect(page.headers.get('origin-agent-cluster')).toBe('?1');
    expect(await page.text()).toContain('"hub":"https://acme.com/hub/"');
    expect((await fetch(`${base}/hub/index.html`)).status).toBe(200);
    const script = await fetch(`${base}/hub/lockstep.iife.js`);
    expect([script.headers.get('content-type'), await script.text()]).toEqual([
      'text/javascript; charset=utf-8',
      artefacts.client,
    ]);
    expect((await fetch(`${base}/hub/hub-fallback.js`, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(`${base}/hub/headers.json`)).status).toBe(404);
    expect((await fetch(`${base}/hub/push`)).status).toBe(404);
    expect(await (await fetch(`${base}/healthz`)).json()).toEqual({ status: 'ok' });
    expect(await stop(child, 'SIGTERM')).toBe(0);
  });

  test('the doctor finds nothing to mend in it', async () => {
    const port = await freePort();
    const hub = `http://localhost:${port}/`;
    await writeFile(join(work, 'lockstep.config.json'), configText(['http://localhost:3000'], hub));
    const lockstep = (...args: readonly string[]) =>
      execFileSync(process.execPath, [join(home, 'cli/main.js'), ...args], { cwd: work, encoding: 'utf8' });
    lockstep('build');
    await urlOf(serve('--port', `${port}`, '--host', 'localhost'));
    expect(lockstep('doctor', hub, '--no-browser')).toMatch(/No faults, no warnings/);
  });

  test('with push: a stream, the session check, and an end of both; SIGTERM ends the stream and drains', async () => {
    await writeHub();
    await writePush(`
      const users = { 'sid=1': { subject: 'ada', sessionId: 'sid-1', signedInAt: 1 } };
      export default {
        issuers: [{ issuer: '${issuerName}', frontchannel: true, requireIssuer: false }],
        sessionOf: (request) => users[request.headers.get('cookie')] ?? null,
      };`);
    const child = serve('--port', '0', '--push', 'push.mjs');
    const base = await urlOf(child);
    const session = async (cookie: string) => (await fetch(`${base}/session`, { headers: { cookie } })).json();
    expect([await session('sid=1'), await session('x=1')]).toEqual([{ active: true }, { active: false }]);
    const ended = readStream(await fetch(`${base}/push?${eventsQuery({ sessionId: 'sid-1' })}`));
    const other = readStream(await fetch(`${base}/push?${eventsQuery({ sessionId: 'sid-2' })}`));
    await ended.until(':\n\n');
    expect((await fetch(`${base}/frontchannel-logout?sid=sid-1`)).status).toBe(200);
    await ended.until('event: ended');
    expect(await session('sid=1')).toEqual({ active: false });
    expect((await fetch(`${base}/backchannel-logout`, { method: 'POST', body: 'x' })).status).toBe(400);
    expect((await fetch(`${base}/security-events`, { method: 'POST', body: 'x' })).status).toBe(401);
    expect(await (await fetch(`${base}/healthz`)).json()).toEqual({ status: 'ok', bus: 'available' });

    expect(await stop(child, 'SIGTERM')).toBe(0);
    await other.ended;
    expect(other.text()).not.toContain('event: ended');
    expect(saidBy(child)).toMatch(/"draining".*\n.*"stopped"/);
    expect(saidBy(child)).not.toMatch(/sid-|ada|cookie|[A-Za-z0-9_-]{43}/);
  });

  test.each(['redis', 'nats'] as const)('two of them over %s are one', async (kind) => {
    const bus = await startBus(kind);
    await writeHub();
    await writePush(
      `export default { issuers: [{ issuer: '${issuerName}', frontchannel: true, requireIssuer: false }] };`,
    );
    const [one, other] = ['0', '0'].map((port) => serve('--port', port, '--push', 'push.mjs', `--${kind}`, bus.url));
    if (one === undefined || other === undefined) throw new Error('There are two.');
    const bases = await Promise.all([urlOf(one), urlOf(other)]);
    const stream = readStream(await fetch(`${bases[1]}/push?${eventsQuery({ sessionId: 'sid-1' })}`));
    await stream.until(':\n\n');
    expect((await fetch(`${bases[0]}/frontchannel-logout?sid=sid-1`)).status).toBe(200);
    await stream.until('event: ended');
    expect(await Promise.all([stop(one, 'SIGTERM'), stop(other, 'SIGTERM')])).toEqual([0, 0]);
    await bus.kill();
  });

  test('over https it speaks HTTP/2, and HTTP/1.1 to who does not', async () => {
    await writeHub();
    await writePush();
    const [cert, key] = [join(work, 'cert.pem'), join(work, 'key.pem')];
    const subject = ['-subj', '/CN=localhost', '-days', '2', '-keyout', key, '-out', cert];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    execFileSync('openssl', ['req', '-x509', '-nodes', ...curve, ...subject], { stdio: 'ignore' });
    const child = serve('--port', '0', '--push', 'push.mjs', '--cert', cert, '--key', key);
    const client = connect(await urlOf(child), { rejectUnauthorized: false });
    const stream = client.request({ ':path': `/push?${eventsQuery()}` });
    let text = '';
    stream.on('data', (chunk) => {
      text += chunk;
    });
    await expect.poll(() => text, soon).toMatch(/^retry: \d+\n:\n\n$/);
    expect(client.remoteSettings.maxConcurrentStreams).toBe(100);
    const endless = client.request({ ':method': 'POST', ':path': '/' });
    endless.resume().write('x');
    await once(endless, 'close');
    const page = client.request({ ':path': '/', 'accept-encoding': 'br' });
    const [status, encoding] = await new Promise<unknown[]>((done) => {
      page.once('response', (headers) => done([headers[':status'], headers['content-encoding']]));
    });
    expect([status, encoding]).toEqual([200, 'br']);
    page.resume();
    const agent = new Agent({ rejectUnauthorized: false });
    const older = get(new URL('/healthz', await urlOf(child)), { agent });
    const [answer] = await once(older, 'response');
    expect([answer.httpVersion, answer.statusCode]).toEqual(['1.1', 200]);
    answer.resume();
    expect(await stop(child, 'SIGTERM')).toBe(0);
    client.destroy();
  });

  test.each<readonly [string, readonly string[], RegExp]>([
    ['a port that is none', ['--port', '70000'], /--port must be/],
    ['a folder that is not there', ['nowhere'], /nowhere is no folder that "npx lockstep build"/],
    ['a certificate without a key', ['--cert', 'x'], /needed together/],
    ['a certificate that is not there', ['--cert', 'x', '--key', 'y'], /cannot be read/],
    ['a bus without push', ['--redis', 'redis://127.0.0.1:1'], /--push/],
    ['two buses', ['--push', 'push.mjs', '--redis', 'redis://a', '--nats', 'nats://b'], /one bus/],
    ['a bus that is no URL', ['--push', 'push.mjs', '--redis', 'localhost'], /--redis must be a URL/],
    [
      'a bus that nobody runs',
      ['--push', 'push.mjs', '--redis', 'redis://u:hunter2@127.0.0.1:1'],
      /127\.0\.0\.1:1 cannot/,
    ],
    ['options that are not there', ['--push', 'other.mjs'], /other\.mjs cannot be loaded/],
    ['options that are none', ['--push', 'none.mjs'], /must export its options/],
    ['options that cannot work', ['--push', 'wrong.mjs'], /wrong\.mjs: .*asymmetric/],
  ])('%s is refused', async (_, args, sentence) => {
    await writeHub();
    await writePush();
    await writeFile(join(work, 'none.mjs'), 'export const options = 1;');
    await writeFile(join(work, 'wrong.mjs'), "export default { issuers: [{ issuer: 'a', algorithms: ['none'] }] };");
    const child = serve('--port', '0', ...args);
    expect(await exited(child)).toBe(1);
    expect(saidBy(child)).toMatch(sentence);
    expect(saidBy(child)).not.toMatch(/hunter2|\n {4}at /);
  });

  test('a hub that asks for neither push nor check is named', async () => {
    await writeHub('https://hub.acme.com/', '"more":1');
    await writePush();
    const child = serve('--port', '0', '--push', 'push.mjs');
    expect(await exited(child)).toBe(1);
    expect(saidBy(child)).toMatch(/neither "push" nor "check"/);
  });
});
