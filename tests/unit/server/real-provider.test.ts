// The logout token of a real OpenID Provider, over HTTP, with the keys that its metadata lead to.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { afterEach, expect, test } from 'vitest';
import { sessionChannel, subjectChannel } from '../../../js-glue/server/channel.js';
import { toNodeHandler } from '../../../js-glue/server/node.js';
import { createPushServer } from '../../../js-glue/server/push-server.js';
import { readStream } from './requests.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a token of oidc-provider ends the session that it names', async () => {
  const ofProvider = createServer();
  const issuer = await listen(ofProvider);
  const push = createPushServer({ issuers: [{ issuer, clientIds: ['portal'] }] });
  const ours = await listen(createServer(toNodeHandler(push.backchannelLogout)));
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'portal',
        client_secret: 'a-secret-of-the-test',
        redirect_uris: ['https://portal.acme.com/callback'],
        backchannel_logout_uri: `${ours}/`,
      },
    ],
    features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: false } },
    // It refuses loopback by its own dispatcher.
    fetch: (url, init) => {
      const { dispatcher: _, ...rest } = { dispatcher: undefined, ...init };
      return fetch(url, rest);
    },
  });
  ofProvider.on('request', provider.callback());
  const query = new URLSearchParams({
    session: sessionChannel(issuer, 'sid-1'),
    subject: subjectChannel(issuer, 'ada'),
    age: '1000',
  });
  const stream = readStream(await push.events(new Request(`https://hub.acme.com/push?${query}`)));
  await stream.until(':\n\n');
  const client = await provider.Client.find('portal');
  // Public, and missing in its types.
  const { backchannelLogout } = client as unknown as { backchannelLogout: (sub: string, sid: string) => Promise<void> };
  await backchannelLogout.call(client, 'ada', 'sid-1');
  await stream.ended;
  expect(stream.text()).toContain('event: ended');
  await push.close();
});
