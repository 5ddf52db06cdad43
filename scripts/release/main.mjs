// Makes a release that others can check: `npm run release -- --dry` builds the commit twice, in two clean copies, and
// fails where one byte of the tarballs differs; then it writes the bill of materials and the hashes of what a browser
// runs to build/release. Without --dry it publishes that tarball, if the commit has the version's tag.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { billOf } from './bill.mjs';
import { circumstances, copyCommit, differences, pack, runIn, sha256 } from './copies.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

/** What a browser runs of it. */
const hubFiles = ['dist/hub/hub.html', 'dist/hub/hub-fallback.js', 'dist/lockstep.iife.js'];

function main(args) {
  const dry = args.includes('--dry');
  if (args.some((arg) => arg !== '--dry')) throw new Error('usage: npm run release -- [--dry]');
  if (!dry && !git('tag', '--points-at', 'HEAD').split('\n').includes(`v${version}`))
    throw new Error(`This commit has no tag v${version}, so nothing is published. Try it with --dry.`);
  if (git('status', '--porcelain') !== '') say('What is not committed is not in it.');

  const commit = git('rev-parse', 'HEAD');
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-release-'));
  try {
    const [first, second] = circumstances.map((each) => build(folder, commit, each));
    if (sha256(first.tarball, 'hex') !== sha256(second.tarball, 'hex')) throw differenceOf(folder, first, second);
    const tarball = write(first, commit);
    if (!dry) execFileSync('npm', ['publish', tarball], { cwd: root, stdio: 'inherit' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function build(folder, commit, each) {
  const tree = join(folder, each.path);
  say(`Building ${commit.slice(0, 10)} in a clean copy, umask ${each.umask}, ${each.env.TZ}`);
  copyCommit(root, commit, tree, each);
  runIn(tree, 'npm ci --prefer-offline --no-audit --no-fund --loglevel=error', each);
  return { tree, tarball: pack(tree, `${tree}-packed`, each, { scripts: true }) };
}

/** Writes the tarball, its bill of materials and its hashes, and prints the last. */
function write({ tree, tarball }, commit) {
  const out = join(root, 'build/release');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const kept = join(out, basename(tarball));
  cpSync(tarball, kept);
  const hash = sha256(kept, 'hex');
  const at = new Date(git('show', '-s', '--format=%cI', commit)).toISOString();
  const bill = billOf(tree, { tarball: hash, at });
  writeFileSync(join(out, `${name}-${version}.cdx.json`), `${JSON.stringify(bill, null, 2)}\n`);
  const lines = [
    `${name} ${version}, commit ${commit}: two clean copies gave the same bytes`,
    `${basename(kept)}  SHA-256 ${hash}`,
    ...hubFiles.map((path) => `${path}  sha256-${sha256(join(tree, path), 'base64')}`),
  ];
  writeFileSync(join(out, 'hashes.txt'), `${lines.join('\n')}\n`);
  console.log(lines.join('\n'));
  const parts = bill.components.map((each) => `${each.name} ${each.version}`);
  console.log(`The bill of materials names ${parts.length} components: ${parts.join(', ')}.`);
  return kept;
}

function differenceOf(folder, ...built) {
  const [one, other] = built.map(({ tarball }, index) => {
    const unpacked = join(folder, `unpacked-${index}`);
    mkdirSync(unpacked);
    execFileSync('tar', ['-xzf', tarball, '-C', unpacked]);
    return unpacked;
  });
  const found = differences(one, other);
  return new Error(
    `Two builds differ:\n${(found.length > 0 ? found : ['only in the rights or the order of files']).join('\n')}`,
  );
}

const say = (text) => console.error(`▸ ${text}`);

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
