// The world of one round: three apps of one site and their hub over https, with a server of their own that says what
// the provider says, and that keeps what the pages note.

import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readBody } from '../../examples/server/body.js';
import { createEndpoint, type Endpoint } from '../e2e/support/provider.js';
import { everything, startWorld, type World } from '../e2e/support/world.js';
import { certificate } from '../engines/support/certificate.js';
import { type Sites, sitesOf } from '../engines/support/places.js';
import type { Note } from './notes.js';

export type ChaosWorld = {
  readonly world: World;
  readonly sites: Sites;
  /** Of the three apps. */
  readonly hosts: readonly string[];
  readonly appUrl: (host: string, tab: string, more?: string) => string;
  readonly check: Endpoint;
  readonly silent: Endpoint;
  readonly notes: () => readonly Note[];
  /** What the driver knows, and no page. */
  readonly close: () => Promise<void>;
};

const appScript = fileURLToPath(new URL('pages/app.js', import.meta.url));
const noteBytesMax = 8_192;

export async function startChaosWorld(number: number): Promise<ChaosWorld> {
  const sites = sitesOf(number);
  const hosts = [sites.portal, sites.billing, sites.sibling];
  const world = await startWorld({
    hub: { host: sites.hubHost, apps: Object.fromEntries(hosts.map((host) => [`https://${host}`, everything])) },
    connect: {},
    tls: certificate(),
  });
  const script = await readFile(appScript, 'utf8');
  const [check, silent] = [createEndpoint(), createEndpoint()];
  silent.answer('held');
  const notes: Note[] = [];
  const settings = JSON.stringify({ hub: world.hub.url });
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>chaos</title>
<script type="application/json" id="settings">${settings}</script>
<body><button id="send">Sign in</button><script type="module" src="/chaos.js"></script></body></html>`;
  world.serve('*', '/chaos', html);
  for (const host of hosts) {
    world.handle(host, '/chaos.js', (_, response) => {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    });
    world.handle(host, '/check', check.respond);
    world.handle(host, '/silent', silent.respond);
    world.handle(host, '/note', async (request, response) => {
      const text = await readBody(request, noteBytesMax).catch(() => undefined);
      if (text) notes.push(JSON.parse(text) as Note);
      response.writeHead(204).end();
    });
  }
  return {
    world,
    sites,
    hosts,
    appUrl: (host, tab, more = '') => world.url(host, `/chaos?tab=${tab}${more}`),
    check,
    silent,
    notes: () => [...notes],
    close: world.close,
  };
}
