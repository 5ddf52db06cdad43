// Bundles the three apps, their login page and the provider's files with esbuild into one folder each. An app's `import
// … from 'lockstep'` is this repository's client; the rest comes from node_modules, as in any app.

import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { appNames } from '../places.js';

export async function bundleApps(root: string, out: string): Promise<void> {
  const apps = join(root, 'examples/apps');
  await build({
    entryPoints: appNames
      .flatMap((app) => [
        { in: join(apps, app, 'main.ts'), out: `${app}/main` },
        { in: join(apps, app, 'style.css'), out: `${app}/style` },
        { in: join(apps, 'shared/silent.ts'), out: `${app}/silent` },
      ])
      .concat(
        { in: join(apps, 'portal/login.ts'), out: 'portal/login' },
        { in: join(apps, 'portal/login.css'), out: 'portal/login-style' },
      ),
    outdir: out,
    alias: { lockstep: join(root, 'js-glue/client/index.ts') },
    bundle: true,
    minify: true,
    sourcemap: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'warning',
  });
  await build({
    entryPoints: [join(root, 'examples/login/login.css'), join(root, 'examples/login/logout.js')],
    outdir: join(out, 'login'),
    bundle: true,
    minify: true,
    logLevel: 'warning',
  });
  await cp(join(apps, 'portal/login.html'), join(out, 'portal/login.html'));
  for (const app of appNames) {
    await cp(join(apps, app, 'index.html'), join(out, app, 'index.html'));
    await cp(join(apps, 'shared/silent.html'), join(out, app, 'silent.html'));
  }
}
