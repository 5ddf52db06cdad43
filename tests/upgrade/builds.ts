// Two builds of Lockstep, each as it is published: the hub that its own command line writes, and the client that an app
// has bundled. A test serves whichever it wants, at the same addresses.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { billing, everything, portal, type World } from '../e2e/support/test.js';

export type BuildName = 'older' | 'newer';
const root = fileURLToPath(new URL('../../', import.meta.url));

function folderOf(name: BuildName): string {
  if (name === 'newer') return root;
  const older = process.env.LOCKSTEP_OLDER;
  if (!older) throw new Error('There is no earlier build. Run these tests by: npm run test:upgrade');
  return older;
}

export const versionOf = (name: BuildName): string =>
  JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8')).version;

/** From now on the hub's address has the hub of this build. A page that is open keeps the one that it has. */
export function serveHub(world: World, name: BuildName): void {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-upgrade-'));
  try {
    const apps = Object.fromEntries([portal, billing].map((host) => [world.origin(host), everything]));
    writeFileSync(join(folder, 'lockstep.config.json'), JSON.stringify({ hub: world.hub.url, apps }));
    execFileSync('node', [join(folderOf(name), 'dist/cli/main.js'), 'build'], { cwd: folder, stdio: 'pipe' });
    const html = readFileSync(join(folder, 'lockstep-hub/index.html'), 'utf8');
    const { '/': headers } = JSON.parse(readFileSync(join(folder, 'lockstep-hub/headers.json'), 'utf8'));
    world.hub.handle('/', (_, response) => {
      // The next page must be the one that is served then.
      response.writeHead(200, { ...headers, 'cache-control': 'no-store' }).end(html);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const appScript = fileURLToPath(new URL('../e2e/support/pages/app.js', import.meta.url));

/** Gives every host the tests' app with the client of this build, and resolves its path. */
export function serveApp(world: World, name: BuildName): string {
  const headers = { 'content-type': 'text/javascript' };
  const client = join(folderOf(name), 'dist/client');
  for (const file of readdirSync(client).filter((each) => each.endsWith('.js')))
    world.serve('*', `/${name}/${file}`, { body: readFileSync(join(client, file), 'utf8'), headers });
  const script = readFileSync(appScript, 'utf8').replace("'/lockstep.js'", `'/${name}/index.js'`);
  world.serve('*', `/${name}/app.js`, { body: script, headers });
  const settings = { connect: true, provider: world.provider.url, options: { hub: world.hub.url } };
  world.serve(
    '*',
    `/${name}`,
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${name}</title>
<script type="application/json" id="settings">${JSON.stringify(settings)}</script>
<body><button id="first">first</button><script type="module" src="/${name}/app.js"></script></body></html>`,
  );
  return `/${name}`;
}
