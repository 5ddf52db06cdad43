// `lockstep doctor` as a user runs it: the real bundle in a process of its own, against servers that are right, broken
// or hostile. No browser is used here; tests/e2e/doctor.spec.ts has one.

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { fallbackName } from '../../../js-glue/cli/artefacts.js';
import { bundleCli } from '../../../js-glue/cli/bundle.mjs';
import type { DoctorReport } from '../../../js-glue/cli/doctor/report.js';
import { type Deployment, deployed, given } from './deployment.js';
import { writeArtefacts } from './parts.js';

// On a busy machine a process alone takes seconds to start.
vi.setConfig({ testTimeout: 60_000 });

let home = '';
const open: { close: () => unknown }[] = [];

type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string };

function doctor(...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { cwd: home, env: { PATH: process.env.PATH } };
    const command = [join(home, 'cli/main.js'), 'doctor', ...args];
    const child = execFile(process.execPath, command, options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

/** What is quick elsewhere may take long here. */
const onlyWaiting = /^(waiting for .* …\n)*$/;

async function reportOf(...args: readonly string[]): Promise<DoctorReport & { readonly code: number }> {
  const { code, stdout, stderr } = await doctor(...args, '--json', '--no-browser');
  expect(stderr).toMatch(onlyWaiting);
  return { ...JSON.parse(stdout), code };
}

function listenAt(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  open.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

async function serve(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handler);
  return `http://127.0.0.1:${await listenAt(server)}/`;
}

/** A right deployment at an address of its own. */
async function serveHub(): Promise<{ readonly url: string; readonly asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  let deployment: Deployment | undefined;
  const port = await listenAt(
    createServer((request, response) => {
      asked.push(request);
      const which = request.url === '/' ? 'page' : request.url === `/${fallbackName}` ? 'fallback' : 'missing';
      const { status, headers, body } = given((deployment as Deployment)[which]);
      response.writeHead(status, headers).end('content-encoding' in headers ? gzipSync(body) : body);
    }),
  );
  const url = `http://hub.acme.localhost:${port}/`;
  deployment = deployed({ hub: url, apps: ['http://portal.acme.localhost:3000'] });
  return { url, asked };
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'lockstep-doctor-test-'));
  await bundleCli(join(home, 'cli'));
  await writeFile(join(home, 'package.json'), '{"type":"module"}');
  await writeArtefacts(home);
});
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('a right deployment', () => {
  test('has no fault: exit code 0, in words and as an object', async () => {
    const { url } = await serveHub();
    const { code, stdout, stderr } = await doctor(url, '--no-browser');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(onlyWaiting) });
    expect(stdout).toMatch(/^Lockstep \d+\.\d+\.\d+ looks at http:\/\/hub\.acme\.localhost:/);
    expect(stdout).toMatch(/\nThe page's headers\n {2}ok +All \d+ checks are in order\.\n/);
    expect(stdout).toMatch(/\nNo faults, no warnings, \d+ in order, 1 not checked\.\n$/);
    expect(stdout).not.toContain('\x1b');

    const report = await reportOf(url);
    expect(report).toMatchObject({ code: 0, url, ok: true, counts: { warning: 0, fault: 0, notChecked: 1 } });
    expect(report.findings.find(({ state }) => state === 'not checked')).toEqual({
      group: 'browser',
      check: 'found',
      state: 'not checked',
      sentence: 'Left out, as --no-browser asks.',
    });
  });

  test('is asked without a cookie, and only for its files', async () => {
    const { url, asked } = await serveHub();
    await reportOf(url);
    expect(asked.filter(({ headers }) => headers.cookie ?? headers.authorization ?? headers.referer)).toEqual([]);
    expect(asked.map(({ method }) => method)).toEqual(asked.map(() => 'GET'));
    expect(asked.map(({ url }) => url)).toEqual(['/', '/hub-fallback.js']);
  });
});

const hostile: readonly (readonly [name: string, handler: (response: ServerResponse) => void, said: RegExp])[] = [
  ['never answers', () => {}, /does not answer completely within 1 second\./],
  ['drips', drip, /does not answer completely within 1 second\./],
  ['is enormous', flood, /more than 524288 bytes/],
  ['is a compressed bomb', bomb, /more than 524288 bytes/],
  [
    'claims to be compressed',
    (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('no'),
    /content coding/,
  ],
  [
    'sends enormous headers',
    (response) => response.writeHead(200, { x: 'x'.repeat(40_000) }).end(),
    /16 KiB of headers/,
  ],
  ['closes the connection', (response) => response.destroy(), /closes the connection/],
  [
    'closes the connection half way',
    (response) => response.writeHead(200, { 'content-length': 9 }).write('x', () => response.destroy()),
    /closes the connection/,
  ],
  ['is binary', (response) => response.end(Buffer.from([0, 255, 254, 27, 91, 50, 74])), /no hub/],
  [
    'redirects to itself',
    (response) => response.writeHead(302, { location: '/' }).end(),
    /is redirected \(302\) to \//,
  ],
  [
    'says what moves a cursor',
    (response) => response.writeHead(302, { location: '/\u009b31m\u009b2J' }).end(),
    /is redirected \(302\) to \/\\u\{9b\}31m\\u\{9b\}2J:/,
  ],
];

function drip(response: ServerResponse): void {
  response.writeHead(200);
  const timer = setInterval(() => response.write(' '), 50);
  response.on('close', () => clearInterval(timer));
}

function flood(response: ServerResponse): void {
  const chunk = Buffer.alloc(65_536, 'x');
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more);
  more();
}

function bomb(response: ServerResponse): void {
  response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000)));
}

describe('a URL where no hub is: exit code 1, one fault, one sentence', () => {
  test.each(hostile)('it %s', async (_, handler, said) => {
    const url = await serve((_, response) => handler(response));
    // Only what never comes is not waited for.
    const report = await reportOf(url, '--timeout', said.source.includes('1 second') ? '1' : '30');
    const faults = report.findings.filter(({ state }) => state === 'fault');
    expect(faults.map(({ sentence }) => sentence)).toEqual([expect.stringMatching(said)]);
    expect(report.code).toBe(1);
    expect(JSON.stringify(report)).not.toMatch(/ {4}at |\bundefined\b|\\u001b|\u009b/);
  });

  test('nothing listens there', async () => {
    const server = createServer();
    const port = await listenAt(server);
    server.close();
    const { code, stdout } = await doctor(`http://127.0.0.1:${port}/`, '--no-browser');
    expect(code).toBe(1);
    expect(stdout).toContain('refuses the connection');
  });

  test('it speaks no HTTP', async () => {
    const port = await listenAt(
      createTcpServer((socket) => socket.on('error', () => {}).end('SSH-2.0-OpenSSH_9.2\r\n')),
    );
    const [fault] = (await reportOf(`http://127.0.0.1:${port}/`)).findings;
    expect(fault?.sentence).toContain('no HTTP');
  });

  test('it speaks no TLS', async () => {
    const url = await serve((_, response) => response.end());
    const [fault] = (await reportOf(url.replace('http:', 'https:'))).findings;
    expect(fault?.sentence).toContain('does not speak TLS');
  });

  test('it has no address', async () => {
    const [fault] = (await reportOf('http://hub.acme.invalid/')).findings;
    expect(fault?.sentence).toContain('has a host name that cannot be resolved');
  });
});

test('it says what it waits for when that takes long, and nothing on the other stream', async () => {
  const url = await serve(() => {});
  const { stdout, stderr } = await doctor(url, '--timeout', '3', '--json', '--no-browser');
  expect(stderr).toContain(`waiting for an answer of ${url} …\n`);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false });
});

test('Ctrl-C ends it at once, without a word', async () => {
  let arrived = () => {};
  const asked = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const url = await serve(() => arrived());
  const child = spawn(process.execPath, [join(home, 'cli/main.js'), 'doctor', url, '--timeout', '60']);
  const said: unknown[] = [];
  child.stdout.on('data', (text) => said.push(String(text)));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  await asked;
  child.kill('SIGINT');
  expect(await exited).toBe(130);
  expect(said).toEqual([]);
});

test.each([
  [[], 'missing required argument'],
  [['hub.acme.com'], 'is not a URL'],
  [['ftp://hub.acme.com/'], 'neither http nor https'],
  [['file:///etc/passwd'], 'neither http nor https'],
  [['https://ada:secret@hub.acme.com/'], 'has a user name or password'],
  [['https://hub.acme.com/?x=1'], 'has a query or a fragment'],
  [['https://hub.acme.com/#'], 'has a query or a fragment'],
  [['https://hub.acme.com/', '--timeout', 'soon'], 'no number of seconds'],
  [['https://hub.acme.com/', '--timeout', '0'], 'no number of seconds'],
  [['https://hub.acme.com/', '--browser', '/nowhere/chrome'], 'is no program'],
  [['https://hub.acme.com/', '--insecure'], "unknown option '--insecure'"],
  [['https://hub.acme.com/', 'https://hub.acme.com/'], 'too many arguments'],
])('doctor %j is wrong usage: exit code 2', async (args, said) => {
  const { code, stdout, stderr } = await doctor(...args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(said);
  expect(stderr).not.toContain('secret');
});

test('doctor --help says what it does, with an example', async () => {
  const { code, stdout } = await doctor('--help');
  expect(code).toBe(0);
  expect(stdout).toContain('npx lockstep doctor https://hub.acme.com/');
  expect(stdout).toContain('Exit code 0: no fault');
});

test("the browser's page is bundled beside the command, with all it needs", async () => {
  const probe = await readFile(join(home, 'cli/probe.js'), 'utf8');
  expect(probe).toContain('lockstepDoctor');
  expect(probe).not.toMatch(/\bimport\s*[({*'"]|\bfrom\s*['"]/);
});
