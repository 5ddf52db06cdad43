// Apps that have older versions of what the package can be used with, and use nothing of it: npm installs the package
// all the same.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { pack, quiet, run } from './example.js';

const apps: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a server': { jose: '5.10.0', redis: '4.7.0', nodemailer: '6.9.0', mongodb: '5.9.0' },
  'an app with Vitest 1': { vitest: '1.6.0' },
  'an app with React 16 and RxJS 6': { react: '16.14.0', 'react-dom': '16.14.0', rxjs: '6.6.7' },
  'an app with Angular 15': {
    '@angular/common': '15.2.10',
    '@angular/core': '15.2.10',
    rxjs: '7.8.1',
    'zone.js': '0.12.0',
  },
  'an app with Vue 2, Svelte 4 and Firebase 9': { vue: '2.7.16', svelte: '4.2.19', firebase: '9.23.0' },
};

let folder: string;
let tarball: string;
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-install-'));
  tarball = pack(folder);
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

for (const [name, dependencies] of Object.entries(apps)) {
  test(`npm installs the package into ${name}`, async () => {
    const cwd = join(folder, name);
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'package.json'), JSON.stringify({ private: true, dependencies }));
    const install = ['install', '--package-lock-only', '--ignore-scripts', ...quiet];
    await run('npm', install, { cwd });
    await run('npm', [...install, tarball], { cwd });
    const { stdout } = await run('npm', ['ls', '--package-lock-only', 'lockstep'], { cwd });
    expect(stdout).toContain('lockstep@');
  });
}
