// A release that others can check: what is bundled and packed depends on the sources alone, the bill of materials names
// all that a bundle holds, and nothing is published by accident. Two whole builds are `npm run release -- --dry`.

import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
// @ts-expect-error: it has no types
import { billOf, bundledIn } from '../../../scripts/release/bill.mjs';
// @ts-expect-error: it has no types
import { circumstances, differences, pack, runIn, sha256 } from '../../../scripts/release/copies.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const sources = ['package.json', 'tsconfig.json', 'LICENSE', 'README.md', 'PROTOCOL.md', 'SECURITY.md', 'CHANGELOG.md'];
const folders = ['scripts', 'js-glue', 'bridge-html', 'docs'];
const ofWasm = ['hub.js', 'hub.wasm', 'fallback.js'].map((name) => `build/wasm/${name}`);

const bundled: ReadonlySet<string> = bundledIn(readFileSync(join(root, 'dist/cli/main.js'), 'utf8'));

type Circumstance = { readonly path: string };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-release-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is bundled must be in the tree itself, for esbuild writes down where it was; a link is enough for the rest. */
function givePackages(tree: string): void {
  mkdirSync(join(tree, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    const [from, to] = [join(root, 'node_modules', name), join(tree, 'node_modules', name)];
    if (bundled.has(`node_modules/${name}`)) cpSync(from, to, { recursive: true });
    else symlinkSync(from, to);
  }
}

/** As `npm pack` builds, but that the module is built already, which CMake would see only where it was built. */
function buildAgain(each: Circumstance): string {
  const tree = join(folder, each.path);
  for (const path of [...sources, ...folders, ...ofWasm])
    cpSync(join(root, path), join(tree, path), { recursive: true });
  givePackages(tree);
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/cmake'), '#!/bin/sh\n', { mode: 0o755 });
  runIn(tree, `PATH='${join(folder, 'bin')}':$PATH bash scripts/build.sh`, each);
  return tree;
}

test('another build of the same sources, elsewhere, under another umask, time zone and language, is the same', () => {
  const [here, elsewhere] = circumstances as readonly [Circumstance, Circumstance];
  const tree = buildAgain(elsewhere);
  expect(differences(join(root, 'dist'), join(tree, 'dist'))).toEqual([]);
  const [one, other] = [
    pack(root, join(folder, 'one'), here, { scripts: false }),
    pack(tree, join(folder, 'other'), elsewhere, { scripts: false }),
  ];
  expect(sha256(other, 'hex')).toBe(sha256(one, 'hex'));

  const changed = join(tree, 'dist/client/index.js');
  writeFileSync(changed, `${readFileSync(changed, 'utf8')} `);
  rmSync(join(tree, 'dist/cli/probe.js'));
  expect(differences(join(root, 'dist'), join(tree, 'dist'))).toEqual([
    'cli/probe.js is in the first alone',
    expect.stringMatching(/^client\/index\.js differs from byte \d+ on$/),
  ]);
});

test('the bill of materials names what the command line and the module hold, and nothing else', () => {
  const at = '2026-01-02T03:04:05.000Z';
  const bill = billOf(root, { tarball: 'ab'.repeat(32), at });
  expect(bill).toMatchObject({ bomFormat: 'CycloneDX', metadata: { timestamp: at } });
  expect(bill.serialNumber).toMatch(/^urn:uuid:[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
  const named: readonly { name: string; version: string; purl: string; licenses: unknown[] }[] = bill.components;
  expect(bundled.size).toBeGreaterThan(5);
  expect(named.map(({ name }) => name).sort()).toEqual(
    [...bundled, 'nlohmann/json', 'emscripten-core/emscripten'].map((path) => path.replace('node_modules/', '')).sort(),
  );
  for (const { version, purl, licenses } of named) {
    expect(version).toMatch(/^\d+\.\d+/);
    expect(purl).toContain(version);
    expect(licenses.length).toBeGreaterThan(0);
  }
});

test('a commit without the tag of its version is not published', () => {
  const tree = join(folder, 'untagged');
  mkdirSync(tree);
  for (const path of ['package.json', 'scripts/release'])
    cpSync(join(root, path), join(tree, path), { recursive: true });
  const git = (...args: readonly string[]) => execFileSync('git', args, { cwd: tree, stdio: 'pipe' });
  git('init', '--quiet');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '--quiet', '-m', 'One');
  git('tag', 'v0.0.0');
  const { status, stderr } = spawnSync('node', ['scripts/release/main.mjs'], { cwd: tree, encoding: 'utf8' });
  expect(stderr).toContain('so nothing is published');
  expect(status).toBe(1);
});
