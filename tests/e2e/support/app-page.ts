// The page of an app with a script of its own, for the suites in one browser and in three.

import type { World } from './world.js';

/**
 * `script` may use the session, and what the client exports. The session records its events, where `events` reads them.
 */
export function appPage({ hub }: Pick<World, 'hub'>, script: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>app</title>
<script type="module">
import * as lockstep from '/lockstep.js';
const session = lockstep.connect({ hub: '${hub.url}' });
const plain = (value) => JSON.parse(JSON.stringify(value));
Object.assign(window, { plain, outcome: (promise) => promise.then(() => 'done', ({ code }) => code) });
session.recorded = [];
for (const type of ['login', 'logout', 'user-change', 'error']) {
  session.on(type, (event) => session.recorded.push(plain({ type, code: event.error?.code, ...event })));
}
window.session = session;
document.documentElement.dataset.app = 'running';
${script}
</script></html>`;
}
