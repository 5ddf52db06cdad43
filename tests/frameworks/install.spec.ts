// Apps that have older versions of what the package can be used with, and use nothing of it: npm installs the package
// all the same.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { run } from './example.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const quiet = ['--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

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

for (const [name, dependencies] of Object.entries(apps)) {
  test(`npm installs the package into ${name}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lockstep-install-'));
    try {
      execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root, stdio: 'pipe' });
      const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? '';
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
      await run('npm', ['install', ...quiet], { cwd: folder });
      await run('npm', ['install', ...quiet, `./${tarball}`], { cwd: folder });
      const { stdout } = await run('npm', ['ls', '--package-lock-only', 'lockstep'], { cwd: folder });
      expect(stdout).toContain('lockstep@');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
