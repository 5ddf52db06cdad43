// What a stranger gets: the packed package is installed into an empty folder, without a compiler and without the
// network, and used.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lockstep-package-'));
const run = (command: string, ...args: readonly string[]) =>
  execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const tarball = () => join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');

beforeAll(() => {
  const pack = ['pack', '--ignore-scripts', '--pack-destination', folder];
  execFileSync('npm', pack, { cwd: root, stdio: 'pipe' });
  writeFileSync(join(folder, 'package.json'), '{ "name": "stranger", "private": true, "type": "module" }');
  run('npm', 'install', '--offline', '--no-audit', '--no-fund', tarball());
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('it brings nothing else along', () => {
  expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['lockstep']);
});

test('it holds the client with its types, the command line, the schema and the hub, and no source', () => {
  const held = readdirSync(join(folder, 'node_modules/lockstep'), { recursive: true, encoding: 'utf8' });
  for (const path of [
    'dist/client/index.js',
    'dist/client/diagnose.js',
    'dist/client/index.d.ts',
    'dist/cli/main.js',
    'dist/cli/probe.js',
    'dist/cli/lockstep.schema.json',
    'dist/hub/hub.html',
    'dist/hub/hub-fallback.js',
    'dist/lockstep.iife.js',
    'LICENSE',
    'README.md',
    'PROTOCOL.md',
    'SECURITY.md',
  ]) {
    expect(held).toContain(path);
  }
  // The client is what it starts with and what it loads when it is needed; nothing is left of an earlier build.
  const scripts = held.filter((path) => /^dist\/client\/.*\.js$/.test(path));
  expect(scripts.sort()).toEqual([
    'dist/client/diagnose.js',
    'dist/client/framing.js',
    'dist/client/index.js',
    'dist/client/later.js',
  ]);
  expect(held.filter((path) => /\.(cpp|hpp)$|(?<!\.d)\.ts$|^tests/.test(path))).toEqual([]);
});

test('publint finds nothing to improve', async () => {
  const { buffer, byteOffset, byteLength } = readFileSync(tarball());
  const pack = { tarball: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer };
  const { messages, pkg } = await publint({ pack, level: 'suggestion' });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
});

test('each subpath has types that are right, for Node and for bundlers', async () => {
  const checked = await checkPackage(createPackageFromTarballData(readFileSync(tarball())), {
    // A classic script and a schema: nobody imports them as modules.
    excludeEntrypoints: ['./iife', './schema.json'],
  });
  if (!checked.types) throw new Error('The package has no types.');
  // It has ES modules alone, which every Node that it allows can `require`. Node 10, of which TypeScript has a
  // resolution, knows no `exports`.
  const relevant = checked.problems.filter(
    (problem) =>
      problem.kind !== 'CJSResolvesToESM' && !('resolutionKind' in problem && problem.resolutionKind === 'node10'),
  );
  expect(Object.keys(checked.entrypoints).length).toBeGreaterThan(10);
  expect(relevant).toEqual([]);
});

test("React's part is for its clients, and no other says so", () => {
  const { exports }: { exports: Record<string, string | { default: string }> } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const scripts = Object.values(exports).flatMap((each) => (typeof each === 'string' ? [] : [each.default]));
  const startsSo = (path: string) =>
    readFileSync(join(folder, 'node_modules/lockstep', path), 'utf8').startsWith("'use client';");
  expect(scripts.filter(startsSo)).toEqual(['./dist/react/index.js']);
});

test('a document that README links to is there, or belongs to the repository', () => {
  const installed = join(folder, 'node_modules/lockstep');
  const text = readFileSync(join(installed, 'README.md'), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target ?? '');
  const missing = links.filter((target) => !existsSync(join(installed, target)));
  expect(links).toContain('docs/react.md');
  expect(
    missing.filter((target) => !/^(ARCHITECTURE|CONTRIBUTING)\.md$|^(examples|tests|docs\/images)\//.test(target)),
  ).toEqual([]);
});

test('importing and connecting on a server is harmless', () => {
  const program = `import { connect } from 'lockstep';
    const session = connect({ hub: 'https://hub.acme.com/' });
    console.log(session.getSnapshot().status);
    session.close();`;
  expect(run('node', '--input-type=module', '--eval', program).trim()).toBe('connecting');
});

test('K7.8: a classic script of one small file has all that the package exports', () => {
  const program = `import { readFileSync } from 'node:fs';
    import { gzipSync } from 'node:zlib';
    import * as esm from 'lockstep';
    const text = readFileSync(new URL(import.meta.resolve('lockstep/iife')));
    const iife = new Function(text + '; return lockstep;')();
    const session = iife.connect({ hub: 'https://hub.acme.com/' });
    const { status } = session.getSnapshot();
    console.log(JSON.stringify([Object.keys(iife).sort(), Object.keys(esm).sort(), status, gzipSync(text).length]));`;
  const [iife, esm, status, bytes] = JSON.parse(run('node', '--input-type=module', '--eval', program));
  expect(iife).toEqual(esm);
  expect(status).toBe('connecting');
  console.log(`script: ${bytes} bytes gzip`);
  expect(bytes).toBeLessThanOrEqual(10_230);
  const { unpkg, jsdelivr } = JSON.parse(readFileSync(join(folder, 'node_modules/lockstep/package.json'), 'utf8'));
  expect([unpkg, jsdelivr]).toEqual(['./dist/lockstep.iife.js', './dist/lockstep.iife.js']);
});

test('each adapter that it exports can be imported where its library is not installed', () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const paths = Object.keys(exports).filter((path) => path.startsWith('./adapters/'));
  expect(paths.length).toBeGreaterThan(0);
  const names = JSON.stringify(paths.map((path) => path.replace('.', 'lockstep')));
  const program = `const all = await Promise.all(${names}.map((name) => import(name)));
    console.log(JSON.stringify(all.map((each) => Object.values(each).map((value) => typeof value).join())));`;
  expect(JSON.parse(run('node', '--input-type=module', '--eval', program))).toEqual(paths.map(() => 'function'));
  const types = paths.map((path) => `dist${path.slice(1)}.d.ts`);
  const held = readdirSync(join(folder, 'node_modules/lockstep'), { recursive: true, encoding: 'utf8' });
  expect(types.filter((path) => !held.includes(path))).toEqual([]);
});

test('what it loads late can be loaded', () => {
  const program = `const { diagnose } = await import('./node_modules/lockstep/dist/client/diagnose.js');
    globalThis.document = new EventTarget();
    const src = 'https://hub.acme.com/';
    const missing = new Response('', { status: 404 });
    globalThis.fetch = () => Promise.resolve(Object.defineProperty(missing, 'url', { value: src }));
    console.log((await diagnose(src, { src }, new AbortController().signal))[0]);`;
  expect(run('node', '--input-type=module', '--eval', program).trim()).toBe('hub-not-found');
});

test('init and build make a hub', () => {
  run('npx', '--no-install', 'lockstep', 'init');
  run('npx', '--no-install', 'lockstep', 'build');
  const page = readFileSync(join(folder, 'lockstep-hub/index.html'), 'utf8');
  expect(page).toContain('name="lockstep-hub"');
  expect(page).toMatch(/ id="module">0061736d01000000[0-9a-f]{10000,}<\/script>/);
  expect(page).not.toContain('{{');
  expect(readFileSync(join(folder, 'lockstep-hub/lockstep.iife.js'), 'utf8')).toContain('var lockstep=');
  const headers = readFileSync(join(folder, 'lockstep-hub/headers.json'), 'utf8');
  expect(headers).toContain('frame-ancestors');
});

test('doctor has its parts', () => {
  const outcome = spawnSync('npx', ['--no-install', 'lockstep', 'doctor', 'http://127.0.0.1:1/', '--json'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(outcome.status).toBe(1);
  expect(JSON.parse(outcome.stdout)).toMatchObject({ ok: false, counts: { fault: 1 } });
});

test('its types serve a strict program', () => {
  writeFileSync(
    join(folder, 'program.ts'),
    `import { connect, LockstepError, type Snapshot } from 'lockstep';
     const session = connect({ hub: 'https://hub.acme.com/' });
     const stop: () => void = session.subscribe((snapshot: Snapshot) => console.log(snapshot.subject?.length));
     session.subscribe((snapshot) => {
       if (snapshot.status === 'signed-in') console.log(snapshot.subject.length);
       if (snapshot.status === 'unavailable') console.log(snapshot.error.code);
     });
     session.on('logout', ({ reason }) => console.log(reason));
     interface Profile { name: string; team?: { name: string } }
     const claims: Profile = { name: 'Ada' };
     session.login({ subject: 'ada', sessionId: undefined, claims });
     session.login({ subject: 'ada' }).catch((error: unknown) => error instanceof LockstepError && error.code);
     // @ts-expect-error: no such event
     session.on('logged-out', stop);`,
  );
  run(
    join(root, 'node_modules/.bin/tsc'),
    ...['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom'],
    'program.ts',
  );
});
