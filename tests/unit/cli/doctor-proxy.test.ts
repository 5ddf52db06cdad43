// `lockstep doctor` behind a company's proxy: a hub that nothing else reaches, and every way in which a proxy can be
// the reason that there is no answer. The real bundle runs in a process of its own.

import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { bundleCli } from '../../../js-glue/cli/bundle.mjs';
import { proxyOf } from '../../../js-glue/cli/doctor/proxy.js';
import type { DoctorReport } from '../../../js-glue/cli/doctor/report.js';
import { type ProxyOptions, type ProxyServer, startProxy } from '../../e2e/support/proxy.js';
import { deployed, given } from './deployment.js';
import { writeArtefacts } from './parts.js';

// On a busy machine a process alone takes seconds to start.
vi.setConfig({ testTimeout: 60_000 });

// No resolver knows it (RFC 6761 §6.2).
const hub = 'https://hub.acme.test/';
let home = '';
let server: Server;
const open: ProxyServer[] = [];

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'lockstep-doctor-proxy-'));
  await bundleCli(join(home, 'cli'));
  await writeFile(join(home, 'package.json'), '{"type":"module"}');
  await writeArtefacts(home);
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(home, name)) as [string, string];
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key];
  const subject = ['-subj', '/CN=hub.acme.test', '-addext', 'subjectAltName=DNS:hub.acme.test', '-out', cert];
  execFileSync('openssl', ['req', '-x509', ...newKey, ...subject], { stdio: 'pipe' });
  const { status, headers, body } = given(deployed({ hub, apps: ['https://portal.acme.test'] }).page);
  server = createServer({ key: await readFile(key), cert: await readFile(cert) }, (_, response) =>
    response.writeHead(status, headers).end(gzipSync(body)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  for (const proxy of open.splice(0)) await proxy.close();
});
afterAll(async () => {
  server.close();
  await rm(home, { recursive: true, force: true });
});

async function proxied(options: Partial<ProxyOptions> = {}): Promise<ProxyServer> {
  const proxy = await startProxy({ to: (server.address() as AddressInfo).port, ...options });
  open.push(proxy);
  return proxy;
}

type Run = { readonly report: DoctorReport; readonly stdout: string; readonly reachable: string };

function doctor(env: Readonly<Record<string, string>>, url = hub): Promise<Run> {
  const command = [join(home, 'cli/main.js'), 'doctor', url, '--json', '--no-browser', '--timeout', '5'];
  const options = { env: { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: join(home, 'cert.pem'), ...env } };
  return new Promise((resolve) => {
    execFile(process.execPath, command, options, (_, stdout) => {
      const report: DoctorReport = JSON.parse(stdout);
      const reachable = report.findings.find(({ check }) => check === 'reachable');
      resolve({ report, stdout, reachable: `${reachable?.state}: ${reachable?.sentence}` });
    });
  });
}

test.each(['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'])('K7.4: a hub is asked through the proxy of %s', async (name) => {
  const proxy = await proxied();
  const { report, reachable } = await doctor({ [name]: `http://127.0.0.1:${proxy.port}` });
  expect(reachable).toMatch(
    /^ok: https:\/\/hub\.acme\.test\/ answers 200, in \d+ ms\. It was asked through the proxy /,
  );
  expect(reachable).toContain(`http://127.0.0.1:${proxy.port}.`);
  expect(report).toMatchObject({ ok: true, counts: { fault: 0 } });
  expect(proxy.asked()).toContain('CONNECT hub.acme.test:443');
});

test('K7.4: a host of NO_PROXY, and this machine, are asked without it', async () => {
  const proxy = await proxied();
  const set = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, HTTP_PROXY: `http://127.0.0.1:${proxy.port}` };
  const { reachable } = await doctor({ ...set, NO_PROXY: '.acme.test' });
  expect(reachable).toMatch(/^fault: .* has a host name that cannot be resolved/);
  expect((await doctor(set, 'http://hub.acme.localhost:1/')).reachable).toMatch(/^fault: .* refuses the connection/);
  expect(proxy.asked()).toEqual([]);
});

test('K7.4: a proxy that wants a password gets the one that is set, and nobody else hears it', async () => {
  const proxy = await proxied({ credentials: 'ada:s3cret@x' });
  const at = (user: string) => doctor({ HTTPS_PROXY: `http://${user}127.0.0.1:${proxy.port}` });
  const { reachable, stdout } = await at('ada:s3cret%40x@');
  expect(reachable).toMatch(/^ok: /);
  expect(stdout).not.toContain('s3cret');
  const said = 'wants a user and a password (407). Write them into HTTPS_PROXY.';
  const refused = `fault: ${hub} cannot be asked: the proxy http://127.0.0.1:${proxy.port} ${said}`;
  expect((await at('')).reachable).toBe(refused);
  const wrong = await at('ada:wr0ng@');
  expect(wrong.reachable).toBe(refused);
  expect(wrong.stdout).not.toContain('wr0ng');
});

test('K7.4: a user or password with a % that encodes nothing is meant literally, for the browser, too', async () => {
  const proxy = await proxied({ credentials: 'us%er:s3cret@x' });
  const set = `http://us%er:s3cret%40x@127.0.0.1:${proxy.port}`;
  expect((await doctor({ HTTPS_PROXY: set })).reachable).toMatch(/^ok: /);
  vi.stubEnv('HTTPS_PROXY', set);
  vi.stubEnv('https_proxy', set);
  vi.stubEnv('NO_PROXY', '');
  vi.stubEnv('no_proxy', '');
  const found = proxyOf(new URL(hub));
  vi.unstubAllEnvs();
  const { username, password } = found instanceof URL ? found : { username: '', password: '' };
  expect([username, password].map(decodeURIComponent)).toEqual(['us%er', 's3cret@x']);
});

test('K7.4: a proxy that refuses, is away, or says nothing, is named', async () => {
  const refusing = await proxied({ behaves: 'refuses' });
  const silent = await proxied({ behaves: 'silent' });
  const away = await proxied();
  await away.close();
  const at = async ({ port }: ProxyServer) => (await doctor({ https_proxy: `http://127.0.0.1:${port}` })).reachable;
  const named = ({ port }: ProxyServer) => `the proxy http://127.0.0.1:${port}`;
  const advice = 'Let it allow this host, or name the host in NO_PROXY.';
  expect(await at(refusing)).toBe(`fault: ${hub} cannot be asked: ${named(refusing)} answers 403. ${advice}`);
  expect(await at(away)).toContain(`cannot be asked: ${named(away)} refuses the connection.`);
  // The process ends, though the proxy keeps its connection.
  expect(await at(silent)).toContain(`does not answer completely within 5 seconds, asked through ${named(silent)}.`);
});

test.each([
  ['socks5://127.0.0.1:1080', 'has the scheme socks5:, and the doctor knows http and https. Correct HTTPS_PROXY.'],
  ['http://[', 'is no URL. Correct HTTPS_PROXY.'],
])('K7.4: what is no proxy that can be used is said: %s', async (proxy, said) => {
  expect((await doctor({ HTTPS_PROXY: proxy })).reachable).toBe(
    `fault: ${hub} cannot be asked: the proxy that the environment names ${said}`,
  );
});

test('K7.4: the http twin is asked through its own proxy, and is not said to be away when that proxy is', async () => {
  const proxy = await proxied();
  const away = await proxied();
  await away.close();
  const set = { https_proxy: `http://127.0.0.1:${proxy.port}`, http_proxy: `http://127.0.0.1:${away.port}` };
  const twin = (await doctor(set)).report.findings.find(({ check }) => check === 'http twin');
  expect(twin).toMatchObject({ state: 'not checked', sentence: expect.stringContaining('refuses the connection') });
});
