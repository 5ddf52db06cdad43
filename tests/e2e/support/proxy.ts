// A proxy as companies have them: every host that it is asked for is one server on this machine. It tunnels what is
// asked with CONNECT, forwards what has a whole URL, and may want a password, refuse, or say nothing.

import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export type ProxyOptions = {
  /** The port that everything leads to. */
  readonly to: number;
  readonly behaves?: 'open' | 'refuses' | 'silent';
  /** `name:password`, without which it answers 407. */
  readonly credentials?: string;
};

export type ProxyServer = {
  readonly port: number;
  /** `CONNECT hub.acme.test:443` or `GET http://hub.acme.test/`, in order; those without the password aside. */
  readonly asked: () => readonly string[];
  readonly close: () => Promise<void>;
};

export async function startProxy({ to, behaves = 'open', credentials }: ProxyOptions): Promise<ProxyServer> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;

  /** The status of a refusal; nothing where it may pass. */
  function refusal({ method, url, headers }: IncomingMessage): number | undefined {
    if (expected && headers['proxy-authorization'] !== expected) return 407;
    asked.push(`${method} ${url}`);
    return behaves === 'refuses' ? 403 : undefined;
  }

  const challenge = 'Proxy-Authenticate: Basic realm="proxy"';
  const server = createServer((incoming, outgoing) => {
    const status = refusal(incoming);
    if (behaves === 'silent') return;
    if (status !== undefined) {
      outgoing.writeHead(status, { 'Proxy-Authenticate': 'Basic realm="proxy"' }).end('The proxy refuses.');
      return;
    }
    const { pathname } = new URL(incoming.url ?? '');
    const options = { host: '127.0.0.1', port: to, path: pathname, headers: incoming.headers };
    request(options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(outgoing);
    })
      .on('error', () => outgoing.destroy())
      .end();
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
  });
  server.on('connect', (incoming: IncomingMessage, socket: Socket) => {
    const status = refusal(incoming);
    if (behaves === 'silent') return;
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} Refused\r\n${challenge}\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const onward = connect(to, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked: () => [...asked],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
