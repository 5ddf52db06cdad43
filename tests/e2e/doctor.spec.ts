// The doctor looks at real deployments in a real browser: a right one has nothing wrong, and each of the usual mistakes
// is named both by what the server says and by what the browser does of it.

import { hashSource } from '../../js-glue/cli/html.js';
import { startAskedProvider } from './support/asked-provider.js';
import { billingOrigin, expect, partnerOrigin, portalOrigin, strangerOrigin, test } from './support/doctor.js';
import { type Headers, startHub } from './support/hub.js';
import { listen } from './support/listen.js';
import { startProxy } from './support/proxy.js';
import { everything, hubHost, partner, portal } from './support/world.js';

const withPolicy = (change: (policy: string) => string) => (headers: Headers) => ({
  ...headers,
  'Content-Security-Policy': change(headers['Content-Security-Policy'] ?? ''),
});
const noAncestors = withPolicy((policy) => policy.replace(/; frame-ancestors .*/, ''));

test('a right deployment: every app is welcome, a stranger is not, and nothing is left behind', async ({
  hub,
  doctor,
}) => {
  const { code, report, wrongs } = await doctor.run(hub.url);
  expect(wrongs).toEqual([]);
  expect({ code, ok: report.ok, url: report.url }).toEqual({ code: 0, ok: true, url: hub.url });
  expect(report.browser).toMatch(/Chrome\/\d+/);
  const inBrowser = report.findings.filter(({ group }) => group === 'browser');
  expect(inBrowser.map(({ check, about }) => `${check} ${about}`)).toEqual([
    `welcome ${portalOrigin}`,
    `scope ${portalOrigin}`,
    `welcome ${billingOrigin}`,
    `scope ${billingOrigin}`,
    `unlisted ${strangerOrigin}`,
  ]);
  expect(inBrowser[0]?.sentence).toMatch(/gave its welcome after \d+ ms\.$/);
  expect(inBrowser[1]?.sentence).toContain('the scope is shared');
  // What was killed may be a moment in dying.
  await expect.poll(doctor.left).toEqual([]);
});

test('a hub that asks a real provider, which knows its redirect URI or does not', async ({ doctor }) => {
  const asked = await startAskedProvider('login.acme.localhost');
  const hub = await startHub({ host: hubHost, apps: { [`http://${portal}`]: everything }, check: asked.check }, 9_999);
  hub.compress();
  const run = () => doctor.run(hub.url, '--no-browser', '--issuer', asked.issuer);
  try {
    asked.register('http://elsewhere.acme.localhost/');
    const before = await run();
    expect(before.code).toBe(1);
    expect(before.wrongs).toEqual([
      expect.stringContaining(`Register ${hub.url}callback.html as a redirect URI of the client lockstep-hub`),
      expect.stringMatching(/^not checked found/),
    ]);
    asked.register(hub.url);
    expect((await run()).wrongs).toEqual([expect.stringMatching(/^not checked found/)]);
    hub.handle('/callback.html', (_, response) => response.writeHead(404).end());
    expect((await run()).wrongs[0]).toMatch(/^fault callback\.html: callback\.html is answered with 404/);
  } finally {
    await Promise.all([hub.close(), asked.close()]);
  }
});

test.describe('with an app of another site, and a wildcard', () => {
  test.use({ hosts: [partner, '*.acme.localhost'] });

  test('says the scope that the app will get', async ({ hub, doctor }) => {
    const { code, report, wrongs } = await doctor.run(hub.url);
    expect(wrongs).toEqual([expect.stringContaining(`warning scope ${partnerOrigin}: `)]);
    expect(code).toBe(0);
    const scopes = report.findings.filter(({ group, check }) => group === 'browser' && check === 'scope');
    expect(scopes.map(({ sentence }) => sentence)).toEqual([
      `At ${partnerOrigin} the scope is partitioned.`,
      expect.stringMatching(/^At http:\/\/lockstep-doctor\.acme\.localhost:\d+ the scope is shared\.$/),
    ]);
  });
});

test('WebAssembly that the policy forbids: the fallback runs', async ({ hub, doctor }) => {
  hub.alterHeaders(withPolicy((policy) => policy.replace(" 'wasm-unsafe-eval'", '')));
  const { code, wrongs } = await doctor.run(hub.url);
  expect(code).toBe(1);
  expect(wrongs).toEqual([
    expect.stringMatching(/^fault content-security-policy script-src: .*lacks 'wasm-unsafe-eval'/),
    expect.stringMatching(/^warning console: .*CompileError/),
  ]);
});

test('WebAssembly that the policy forbids, and a fallback that was not deployed', async ({ hub, doctor }) => {
  hub.alterHeaders(withPolicy((policy) => policy.replace(" 'wasm-unsafe-eval'", '')));
  hub.handle('/hub-fallback.js', (_, response) => response.writeHead(404).end());
  const { code, wrongs } = await doctor.run(hub.url);
  expect(code).toBe(1);
  expect(wrongs).toEqual([
    expect.stringMatching(/^warning fallback: hub-fallback\.js is answered with 404/),
    expect.stringMatching(/^fault content-security-policy script-src: .*lacks 'wasm-unsafe-eval'/),
    expect.stringMatching(`^fault welcome ${portalOrigin}: .*wasm-refused`),
    expect.stringMatching(`^fault welcome ${billingOrigin}: .*wasm-refused`),
    expect.stringMatching(/^warning console: .*CompileError/),
    expect.stringMatching(`^not checked unlisted ${strangerOrigin}: `),
  ]);
});

test('frame-ancestors that leaves an app out', async ({ hub, doctor }) => {
  hub.alterHeaders(withPolicy((policy) => policy.replace(` ${portalOrigin}`, '')));
  const { code, wrongs } = await doctor.run(hub.url, '--timeout', '8');
  expect(code).toBe(1);
  expect(wrongs).toEqual([
    expect.stringMatching(`^fault content-security-policy frame-ancestors: .*leaves out ${portalOrigin}:`),
    expect.stringMatching(`^fault welcome ${portalOrigin}: .*frame-refused`),
    expect.stringMatching(/^warning console: .*frame-ancestors/),
  ]);
});

test('X-Frame-Options, and no frame-ancestors beside it', async ({ hub, doctor }) => {
  hub.alterHeaders((headers) => ({ ...noAncestors(headers), 'X-Frame-Options': 'SAMEORIGIN' }));
  const { code, wrongs } = await doctor.run(hub.url, '--timeout', '8');
  expect(code).toBe(1);
  expect(wrongs).toEqual([
    expect.stringMatching(/^fault content-security-policy frame-ancestors: .*missing/),
    expect.stringMatching(/^fault x-frame-options: .*SAMEORIGIN/),
    expect.stringMatching(`^fault welcome ${portalOrigin}: .*frame-refused`),
    expect.stringMatching(`^fault welcome ${billingOrigin}: .*frame-refused`),
    expect.stringMatching(/^warning console: .*X-Frame-Options/),
    expect.stringMatching(`^not checked unlisted ${strangerOrigin}: `),
  ]);
});

test('a module that was altered on the way', async ({ hub, doctor }) => {
  hub.alterPage((html) => html.replace(/( id="module">[0-9a-f]{1000})[0-9a-f]*/, '$1'));
  const { code, wrongs } = await doctor.run(hub.url);
  expect(code).toBe(0);
  expect(wrongs).toEqual([
    expect.stringMatching(/^warning version: .*names Lockstep \d+\.\d+\.\d+\./),
    expect.stringMatching(/^warning console: .*CompileError/),
  ]);
});

test('without frame-ancestors the hub itself gives a stranger no welcome', async ({ hub, doctor }) => {
  hub.alterHeaders(noAncestors);
  const { wrongs } = await doctor.run(hub.url);
  expect(wrongs).toEqual([expect.stringMatching(/^fault content-security-policy frame-ancestors: .*missing/)]);
});

test('a false hub that welcomes everybody is found out', async ({ hub, doctor }) => {
  const welcome = JSON.stringify({
    ...{ lockstep: 1, type: 'welcome', hub: '9.9.9', capabilities: ['read'], events: [] },
    snapshot: { status: 'signed-out', reason: 'never', scope: 'alone', medium: 'memory', upgrade: 'none' },
  });
  // It also speaks to the doctor's page past the client, where it is in one process with it.
  const script = `addEventListener('message', ({ ports }) => ports[0].postMessage(${JSON.stringify(welcome)}));
    globalThis.lockstepDoctor?.('{'); globalThis.lockstepDoctor?.('null');`;
  hub.alterPage((html) =>
    html.replace(/<meta http-equiv[^>]*>/, '').replace(/<script>.*<\/script>/s, () => `<script>${script}</script>`),
  );
  hub.alterHeaders((headers) =>
    withPolicy((policy) => policy.replace(/'sha256-[^']*'/, hashSource(script)))(noAncestors(headers)),
  );
  const { code, wrongs } = await doctor.run(hub.url);
  expect(code).toBe(1);
  expect(wrongs).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^warning version: .*not those of Lockstep/),
      expect.stringMatching(`^warning scope ${portalOrigin}: .*alone, and shared was to be expected`),
      expect.stringMatching(`^fault unlisted ${strangerOrigin}: .*gave its welcome`),
    ]),
  );
});

test.describe('K8.9: the browser asks no server but the one that was named', () => {
  /** What a page can have its browser ask for, by every way there is, at `internal`. */
  const asking = (internal: string) => `
    const at = (way) => '${internal}/' + way;
    const worker = (url) => 'fetch("' + url + '", { mode: "no-cors" }).finally(() => postMessage(0))';
    const blob = (text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    const settled = (target) => new Promise((resolve) => {
      for (const type of ['load', 'error', 'close', 'message']) target.addEventListener(type, resolve);
    });
    const element = (name, members) => {
      const made = Object.assign(document.createElement(name), members);
      document.body.append(made);
      return settled(made);
    };
    navigator.sendBeacon(at('beacon'), 'x');
    const asked = Promise.allSettled([
      fetch(at('fetch'), { mode: 'no-cors' }),
      element('img', { src: at('img') }),
      element('script', { src: at('script') }),
      element('iframe', { src: at('iframe') }),
      element('link', { rel: 'stylesheet', href: at('style') }),
      settled(new Worker(blob(worker(at('worker'))))),
      settled(new WebSocket(at('socket').replace('http', 'ws'))),
    ]);
    addEventListener('message', ({ ports: [port] }) =>
      asked.then(() => port.postMessage(JSON.stringify({
        type: 'goodbye', error: { code: 'hub-failed', message: 'All was asked for.' },
      }))),
    );`;

  for (const host of ['127.0.0.1', 'internal.acme.localhost']) {
    test(`not ${host} for a script in the place of the hub`, async ({ hub, doctor }) => {
      const asked: (string | undefined)[] = [];
      const internal = await listen((request, response) => {
        asked.push(request.url);
        response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }).end();
      });
      const script = asking(`http://${host}:${internal.port}`);
      hub.alterHeaders(({ 'Content-Security-Policy': _, ...headers }) => headers);
      hub.alterPage((html) =>
        html
          .replace(/<meta http-equiv[^>]*>/, '')
          .replace(/<script>.*<\/script>/s, () => `<body><script>${script}</script>`),
      );
      const { wrongs } = await doctor.run(hub.url);
      expect(asked).toEqual([]);
      expect(wrongs).toContainEqual(expect.stringMatching(`^fault welcome ${portalOrigin}: .*All was asked for`));
      await internal.stop();
    });
  }

  test('not where the hub leads its frame on', async ({ hub, doctor }) => {
    const asked: (string | undefined)[] = [];
    const internal = await listen((request, response) => {
      asked.push(request.url);
      response.end();
    });
    let redirected = 0;
    hub.handle('/', (request, response) => {
      if (request.headers['user-agent']?.startsWith('lockstep-doctor')) return 'hub';
      redirected += 1;
      return response.writeHead(302, { location: `http://127.0.0.1:${internal.port}/redirect` }).end();
    });
    await doctor.run(hub.url, '--timeout', '3');
    expect(redirected).toBeGreaterThan(0);
    expect(asked).toEqual([]);
    await internal.stop();
  });
});

test('Ctrl-C while the browser runs ends the browser, too, and removes its profile', async ({ hub, doctor }) => {
  hub.alterHeaders(withPolicy((policy) => policy.replace(/frame-ancestors .*/, "frame-ancestors 'none'")));
  expect(await doctor.interrupt(hub.url, /waiting for the hub in/)).toBe(130);
  // What was killed may be a moment in dying.
  await expect.poll(doctor.left).toEqual([]);
});

test('what is no browser leaves the rest of the examination as it is', async ({ hub, doctor }) => {
  const { code, wrongs } = await doctor.run(hub.url, '--browser', '/bin/true');
  expect(code).toBe(0);
  expect(
    wrongs.filter((each) => !each.startsWith('not checked started: /bin/true could not be used: it ended')),
  ).toEqual([]);
});

test.describe('a hub that only a proxy reaches', () => {
  // No resolver knows these names (RFC 6761 §6.2).
  const portalToo = 'http://portal.acme.test:9999';

  for (const credentials of [undefined, 'ada:s3cret']) {
    const how = credentials ? ', which wants a password' : '';

    test(`K7.4: the browser asks through the proxy, too${how}`, async ({ doctor }) => {
      const hub = await startHub({ host: 'hub.acme.test', apps: { [portalToo]: everything } }, 0);
      const proxy = await startProxy({ to: Number(new URL(hub.url).port), ...(credentials && { credentials }) });
      const address = `${credentials ? `${credentials}@` : ''}127.0.0.1:${proxy.port}`;
      const { report } = await doctor.runIn({ HTTP_PROXY: `http://${address}` }, hub.url);
      const welcome = report.findings.find(({ group, check }) => group === 'browser' && check === 'welcome');
      expect(welcome).toMatchObject({ state: 'ok', about: portalToo });
      // Once by the doctor itself; by the browser at the app's origin and at a stranger's.
      expect(proxy.asked().filter((each) => each === `GET ${hub.url}`).length).toBeGreaterThan(1);
      expect(JSON.stringify(report)).not.toContain('s3cret');
      await proxy.close();
      await hub.close();
    });
  }
});
