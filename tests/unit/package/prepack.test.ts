// `npm pack` builds and installs nothing. What package.json names as prepack runs in a copy of the tree, where
// everything that could install is replaced by a program that fails and leaves a line.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const installers = ['apt-get', 'apt', 'dpkg', 'sudo', 'npm', 'corepack', 'curl', 'wget'];

let folder: string;
let tree: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-prepack-'));
  tree = join(folder, 'tree');
  for (const path of ['package.json', 'tsconfig.json', 'scripts', 'js-glue', 'bridge-html'])
    cpSync(join(root, path), join(tree, path), { recursive: true });
  for (const file of ['hub.js', 'hub.wasm', 'fallback.js'])
    cpSync(join(root, 'build/wasm', file), join(tree, 'build/wasm', file));
  mkdirSync(join(folder, 'bin'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that notes how it was called. */
function replaceProgram(name: string, status: 0 | 1): void {
  const script = `#!/bin/sh\necho "${name} $*" >> '${join(folder, 'called')}'\nexit ${status}\n`;
  writeFileSync(join(folder, 'bin', name), script, { mode: 0o755 });
}

function linkProgram(name: string): void {
  const { stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
  symlinkSync(stdout.trim(), join(folder, 'bin', name));
}

const called = () => (existsSync(join(folder, 'called')) ? readFileSync(join(folder, 'called'), 'utf8') : '');

/** As npm runs it. */
function prepack(path: readonly string[]) {
  const { prepack: command }: { prepack: string } = JSON.parse(
    readFileSync(join(tree, 'package.json'), 'utf8'),
  ).scripts;
  const env = { ...process.env, PATH: path.join(delimiter) };
  return spawnSync('/bin/sh', ['-c', command], { cwd: tree, env, encoding: 'utf8' });
}

test('prepack builds the package and installs nothing', () => {
  for (const name of installers) replaceProgram(name, 1);
  // The module is built already, which CMake would see only where it was built.
  replaceProgram('cmake', 0);
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));

  const { status, stderr } = prepack([join(folder, 'bin'), join(tree, 'node_modules/.bin'), process.env.PATH ?? '']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = called().trim().split('\n');
  expect(lines).toContain('cmake --build --preset wasm');
  expect(lines.filter((line) => !line.startsWith('cmake '))).toEqual([]);
  for (const file of ['client/index.js', 'client/index.d.ts', 'cli/main.js', 'hub/hub.html'])
    expect(existsSync(join(tree, 'dist', file)), file).toBe(true);
});

test('without the tools prepack names the command that installs them, and does not run it', () => {
  for (const name of installers) replaceProgram(name, 1);
  for (const name of ['bash', 'dirname']) linkProgram(name);
  const { status, stderr } = prepack([join(folder, 'bin')]);
  expect(status).toBe(1);
  expect(stderr).toContain('cmake, ninja, em++');
  expect(stderr).toContain('npm run setup');
  expect(called()).toBe('');
  expect(existsSync(join(tree, 'dist'))).toBe(false);
});

test('what the error names is a script that exists', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect(existsSync(join(root, scripts.setup?.replace('bash ', '') ?? 'none'))).toBe(true);
});
