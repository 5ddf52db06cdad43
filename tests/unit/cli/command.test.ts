// The command as a user runs it: the real bundle in a process of its own, beside stand-ins for the parts of the hub.

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { bundleCli } from '../../../js-glue/cli/bundle.mjs';
import { artefacts, configText, writeArtefacts } from './parts.js';

let home = '';
let work = '';

type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string };

function lockstep(...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { cwd: work, env: { PATH: process.env.PATH } };
    const child = execFile(process.execPath, [join(home, 'cli/main.js'), ...args], options, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

async function restoreParts(): Promise<void> {
  await writeArtefacts(home);
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'lockstep-cli-'));
  await bundleCli(join(home, 'cli'));
  await writeFile(join(home, 'package.json'), '{"type":"module"}');
  await restoreParts();
});
beforeEach(async () => {
  work = await mkdtemp(join(home, 'work-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('lockstep init', () => {
  test('writes a configuration that builds as it is', async () => {
    expect(await lockstep('init')).toMatchObject({ code: 0, stdout: expect.stringContaining('npx lockstep build') });
    expect(await lockstep('build')).toMatchObject({ code: 0, stderr: '' });
  });

  test('never overwrites a configuration without --force', async () => {
    const file = join(work, 'lockstep.config.json');
    await writeFile(file, 'mine');
    expect(await lockstep('init')).toMatchObject({ code: 1, stderr: expect.stringContaining('--force') });
    expect(await readFile(file, 'utf8')).toBe('mine');
    expect(await lockstep('init', '--force')).toMatchObject({ code: 0 });
    expect(await readFile(file, 'utf8')).toContain('"apps"');
  });

  test('names the schema where an installed package has it', async () => {
    await lockstep('init');
    const text = await readFile(join(work, 'lockstep.config.json'), 'utf8');
    expect(text).toContain('"$schema": "./node_modules/lockstep/dist/cli/lockstep.schema.json"');
    expect(JSON.parse(await readFile(join(home, 'cli/lockstep.schema.json'), 'utf8')).title).toBe(
      'lockstep.config.json',
    );
  });
});

describe('lockstep build', () => {
  const write = (text: string) => writeFile(join(work, 'lockstep.config.json'), text);

  test('writes the folder and says who is in lockstep with whom, how large, where to, and how to connect', async () => {
    await write(configText(['https://portal.acme.com', 'https://app.acme-other.com']));
    const { code, stdout, stderr } = await lockstep('build');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/https:\/\/portal\.acme\.com +all same-site apps +all same-site apps +all same-site apps/);
    expect(stdout).toMatch(
      /https:\/\/app\.acme-other\.com +all apps, or after a click +all apps after a click +tabs of the same origin/,
    );
    expect(stdout).toMatch(/ index\.html is the hub: [\d.]+ kB, [\d.]+ kB as gzip\./);
    expect(stdout).toContain("connect({ hub: 'https://hub.acme.com/' })");
    expect(stdout).toContain('<script src="https://hub.acme.com/lockstep.iife.js"></script>');
    expect(stdout).toMatch(/ integrity="sha384-[A-Za-z0-9+/]{64}" crossorigin/);
    expect(stdout).toContain('npx lockstep doctor https://hub.acme.com/');
    expect(stdout).not.toContain('\x1b');
    expect(await readdir(join(work, 'lockstep-hub'))).toHaveLength(15);
  });

  test('asks the issuer for its authorization endpoint, says it, and writes the callback page', async () => {
    const metadata = { issuer: '', authorization_endpoint: '' };
    const provider = createServer((request, response) =>
      request.url === '/.well-known/openid-configuration'
        ? response.end(JSON.stringify(metadata))
        : response.writeHead(404).end(),
    );
    await new Promise<void>((done) => provider.listen(0, '127.0.0.1', done));
    const issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
    const text = (more: object = {}) =>
      configText(['https://portal.acme.com'], 'https://hub.acme.com/', {
        check: { issuer, clientId: 'lockstep-hub', ...more },
      });
    try {
      Object.assign(metadata, { issuer: `${issuer}/`, authorization_endpoint: `${issuer}/auth` });
      await write(text());
      const { code, stderr } = await lockstep('build');
      expect([code, stderr]).toEqual([1, expect.stringContaining(`write "issuer": "${issuer}/"`)]);
      await write(text({ issuer: `${issuer}/` }));
      const built = await lockstep('build');
      expect(built).toMatchObject({ code: 0, stderr: expect.stringContaining('is of another site than the hub') });
      expect(built.stdout).toContain(`"authorizationEndpoint": "${issuer}/auth"`);
      expect(built.stdout).toContain('https://hub.acme.com/callback.html');
      expect(await readFile(join(work, 'lockstep-hub/callback.html'), 'utf8')).toBe(artefacts.callback);
    } finally {
      provider.close();
    }
    // With the line in the configuration nobody is asked.
    await write(text({ authorizationEndpoint: `${issuer}/auth` }));
    expect(await lockstep('build')).toMatchObject({ code: 0 });
  });

  test('K5.9: says what being framed by an embedder does', async () => {
    await write(
      configText(['https://portal.acme.com'], 'https://hub.acme.com/', { embedders: ['https://teams.microsoft.com'] }),
    );
    const { stdout } = await lockstep('build');
    expect(stdout).toContain('Below an embedder');
    expect(stdout).toContain('An embedder itself has no right.');
    expect(stdout).toMatch(
      /https:\/\/teams\.microsoft\.com +all apps, or after a click +all apps after a click +tabs of the same origin/,
    );
  });

  test('builds again into its own folder, and into another by --config and --out', async () => {
    await write(configText(['https://a.acme.com']));
    expect(await lockstep('build')).toMatchObject({ code: 0 });
    const first = await readFile(join(work, 'lockstep-hub/index.html'), 'utf8');
    expect(await lockstep('build')).toMatchObject({ code: 0 });
    await writeFile(join(work, 'other.json'), configText(['https://a.acme.com']));
    expect(await lockstep('build', '--config', 'other.json', '--out', 'deep/er')).toMatchObject({ code: 0 });
    expect(await readFile(join(work, 'lockstep-hub/index.html'), 'utf8')).toBe(first);
    expect(await readFile(join(work, 'deep/er/index.html'), 'utf8')).toBe(first);
  });

  test('names every fault at once with its place, and writes nothing', async () => {
    await write(
      '{\n  "hub": "https://hub.acme.com",\n  "apps": { "https://a.acme.com/": ["raed"] },\n  "sesion": {}\n}',
    );
    const { code, stdout, stderr } = await lockstep('build');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.match(/^lockstep\.config\.json:\d+:\d+ {2}/gm)).toHaveLength(5);
    expect(stderr).toContain('5 faults; nothing was written.');
    expect(await readdir(work)).toEqual(['lockstep.config.json']);
  });

  test('warns and builds', async () => {
    await write(configText(['http://a.acme.com'], 'http://hub.acme.com/'));
    expect(await lockstep('build')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^warning: lockstep\.config\.json:1:\d+ /),
    });
  });

  test.each([
    ['a folder of something else', 'out/mine.txt', '', 'is not empty'],
    ["another tool's headers.json", 'out/headers.json', '{"/":{}}', 'is not empty'],
    ['a file', 'out', '', 'is a file'],
  ])('refuses to write into %s', async (_, name, text, reason) => {
    await write(configText(['https://a.acme.com']));
    if (name !== 'out') await mkdir(join(work, 'out'));
    await writeFile(join(work, name), text);
    const before = await readdir(work, { recursive: true });
    expect(await lockstep('build', '--out', 'out')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(reason),
    });
    expect(await readdir(work, { recursive: true })).toEqual(before);
  });

  test.each(['_headers', 'index.html', 'headers.json', 'web.config'])(
    'K8.10: follows no link that somebody has put into the folder as %s',
    async (name) => {
      await write(configText(['https://a.acme.com']));
      expect(await lockstep('build')).toMatchObject({ code: 0 });
      const precious = join(work, 'precious');
      const place = join(work, 'lockstep-hub', name);
      await writeFile(precious, '{"lockstep":{}}');
      for (const target of [precious, join(work, 'nothing')]) {
        await rm(place);
        await symlink(target, place);
        const before = await readdir(work, { recursive: true });
        expect(await lockstep('build')).toMatchObject({
          code: 1,
          stderr: expect.stringContaining(`${name} is a link`),
        });
        expect(await readdir(work, { recursive: true })).toEqual(before);
      }
      expect(await readFile(precious, 'utf8')).toBe('{"lockstep":{}}');
    },
  );

  test('K8.10: writes over nothing but files', async () => {
    await write(configText(['https://a.acme.com']));
    expect(await lockstep('build')).toMatchObject({ code: 0 });
    const page = join(work, 'lockstep-hub/index.html');
    await rm(page);
    await mkdir(page);
    expect(await lockstep('build')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('index.html is no file'),
    });
  });

  test('K8.10: init --force follows no link either', async () => {
    const precious = join(work, 'precious');
    await writeFile(precious, 'mine');
    await symlink(precious, join(work, 'lockstep.config.json'));
    for (const args of [['init'], ['init', '--force']]) expect(await lockstep(...args)).toMatchObject({ code: 1 });
    expect(await readFile(precious, 'utf8')).toBe('mine');
  });

  test('K8.10: a configuration without end is not read to its end', async () => {
    expect(await lockstep('build', '--config', '/dev/zero')).toMatchObject({
      code: 1,
      stderr: '/dev/zero cannot be read: it has more than 1,048,576 bytes\n',
    });
  });

  test('K8.10: control characters of a configuration, and of an argument, do not reach the terminal', async () => {
    await write(`{ "hub": "https://hub.acme.com/", "apps": {}, "a\u009b31m\u202eb": 1, "\u007f": 2 }`);
    const { code, stderr } = await lockstep('build');
    expect(code).toBe(1);
    expect(stderr).toContain('a\\u{9b}31m\\u{202e}b');
    expect(stderr).not.toMatch(/[\u007f-\u009f\u202e]/);
    const named = '\u009b31m\u202e\x1b[2J';
    for (const args of [
      ['build', '-c', named],
      ['build', '-o', `/dev/null/${named}`],
      [named],
      ['doctor', named],
      ['init', '-c', `none/${named}`],
    ]) {
      const outcome = await lockstep(...args);
      expect(outcome.code).not.toBe(0);
      expect(outcome.stdout + outcome.stderr).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    }
  });

  test('says what to do without a configuration, and without the parts of the hub', async () => {
    expect(await lockstep('build')).toMatchObject({ code: 1, stderr: expect.stringContaining('npx lockstep init') });
    await write(configText(['https://a.acme.com']));
    await rm(join(home, 'hub'), { recursive: true });
    const outcome = await lockstep('build');
    await restoreParts();
    expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining('The package is incomplete') });
  });
});

test.each([
  [['--help'], 0, 'Commands:'],
  [['build', '--help'], 0, 'Every fault of the configuration is named at once'],
  [['--version'], 0, /^\d+\.\d+\.\d+/],
  [['biuld'], 1, 'Did you mean build?'],
  [['build', '--ouput', 'x'], 1, "unknown option '--ouput'"],
  [[], 1, 'Usage: lockstep'],
])('lockstep %j exits with %i', async (args, code, said) => {
  const outcome = await lockstep(...args);
  expect(outcome.code).toBe(code);
  expect(outcome.stdout + outcome.stderr).toMatch(said);
});
