// The built folder: the page, its headers, and the words of every host. The same text gives the same bytes,
// and nothing of a configuration can break out of its place in the page.

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { composeHub, hashOf, hashSource, readHub } from '../../../js-glue/cli/html.js';
import { artefacts, build, configText, fallback, moduleDigits, script, textOf } from './parts.js';

const apps = ['https://portal.acme.com', 'https://*.preview.acme.com', 'https://acme-other.com:8443'];
const asking = { check: { url: '/session' } };
const hash = hashSource(script);

type Paths = Readonly<Record<string, Readonly<Record<string, string>>>>;
const headersOf = (built: ReturnType<typeof build>): Paths => JSON.parse(textOf(built, 'headers.json'));
const compose = (config: string, template = artefacts.template) =>
  composeHub({ template, config, sameSite: 'Strict', policy: 'p', inspect: '' });

describe('the page', () => {
  test('holds the configuration, the module and the script, and reads back as it was composed', () => {
    const html = compose('{"hub":"h"}');
    expect(html).toBe(
      [
        '<!doctype html>',
        '<meta http-equiv="Content-Security-Policy" content="p">',
        '<meta name="lockstep-hub" content="1">',
        '<meta name="generator" content="Lockstep 1.2.3">',
        '<script type="application/json" data-same-site="Strict" id="config">{"hub":"h"}</script>',
        `<script type="text/plain" data-fallback="${hashOf(fallback)}" id="module">${moduleDigits}</script>`,
        `<script>${script}</script>`,
        '',
      ].join('\n'),
    );
    expect(readHub(html)).toEqual({
      config: '{"hub":"h"}',
      module: moduleDigits,
      fallback: hashOf(fallback),
      inspect: '',
      script,
      version: '1.2.3',
    });
  });

  test('what reports to an inspector is in the page, and allowed by its hash, where somebody may inspect', () => {
    const without = build(configText(apps));
    expect(readHub(textOf(without, 'index.html'))?.inspect).toBe('');
    expect(textOf(without, 'index.html')).not.toContain('inspect');
    const built = build(configText(apps, undefined, { inspect: ['https://portal.acme.com'] }));
    const page = readHub(textOf(built, 'index.html'));
    expect(page).toMatchObject({ script, inspect: artefacts.inspect });
    expect(JSON.parse(page?.config ?? '')).toMatchObject({ inspect: ['https://portal.acme.com'] });
    expect(headersOf(built)['/']?.['Content-Security-Policy']).toContain(hashSource(artefacts.inspect));
    expect(headersOf(without)['/']?.['Content-Security-Policy']).not.toContain(hashSource(artefacts.inspect));
  });

  test('a page of 16,000 script elements is read in no time, and what is no hub is none', () => {
    const hostile = `<meta name="lockstep-hub">${'<script type="application/json" '.repeat(16_000)}`;
    const start = performance.now();
    const nothing = { config: '', module: '', fallback: '', inspect: '', script: '', version: undefined };
    expect(readHub(hostile)).toEqual(nothing);
    expect(performance.now() - start).toBeLessThan(1_000);
    expect(readHub('<!doctype html><script>1</script>')).toBeUndefined();
  });

  test.each([
    [['https://portal.acme.com', 'https://*.preview.acme.com'], 'Strict'],
    [['https://portal.acme.com', 'https://acme-other.com'], 'None'],
    [['https://portal.acme.com', 'http://portal.acme.com'], 'None'],
  ])('its cookie is marked as tightly as its apps allow: %s', (origins, sameSite) => {
    expect(textOf(build(configText(origins)), 'index.html')).toContain(`data-same-site="${sameSite}"`);
  });

  test('a hostile configuration cannot end its element, and reads back as it was', () => {
    const hostile = JSON.stringify({ x: '</script><script>alert(1)</script><!--', y: '{{script}} $& $1' });
    const html = compose(hostile);
    expect(html.match(/<\/script/g)).toHaveLength(3);
    expect(html).not.toContain('<!--');
    expect(JSON.parse(readHub(html)?.config ?? '')).toEqual(JSON.parse(hostile));
  });

  test.each([
    ['', '{{config}} 0 times'],
    [artefacts.template.replace('{{sameSite}}', ''), '{{sameSite}} 0 times'],
    [artefacts.template.replace('{{policy}}', ''), '{{policy}} 0 times'],
    [`${artefacts.template}{{config}}`, '{{config}} 2 times'],
  ])('a template that cannot be filled is refused: %#', (template, reason) => {
    expect(() => compose('{}', template)).toThrow(reason);
  });

  test.each([
    ['without a check', {}],
    ['with one', asking],
  ])('says of its policy what a page can say, which is all but frame-ancestors: %s', (_, rest) => {
    const built = build(configText(apps, 'https://hub.acme.com/', rest));
    const [, said] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(textOf(built, 'index.html')) ?? [];
    expect(`${said}; frame-ancestors ${apps.join(' ')}`).toBe(headersOf(built)['/']?.['Content-Security-Policy']);
  });
});

test('script, module and fallback are those of the package, byte for byte, whatever the configuration', () => {
  for (const hub of ['https://hub.acme.com/', 'https://acme.com/lockstep/']) {
    const built = build(configText(apps, hub));
    expect(readHub(textOf(built, 'index.html'))).toMatchObject({ script, module: moduleDigits });
    expect(textOf(built, 'hub-fallback.js')).toBe(fallback);
  }
});

test('the files: the page, its fallback, the client as one script, and one for each host', () => {
  expect([...build(configText(apps)).files.keys()]).toEqual([
    'index.html',
    'hub-fallback.js',
    'lockstep.iife.js',
    '_headers',
    'vercel.json',
    'firebase.json',
    'staticwebapp.config.json',
    'cloudfront-headers.json',
    'cloudfront-function.js',
    'nginx.conf',
    'Dockerfile',
    '.htaccess',
    'Caddyfile',
    'web.config',
    'headers.json',
  ]);
});

describe('the headers', () => {
  const built = build(configText(apps));
  const at = headersOf(built);
  const page = at['/'] ?? {};

  test('the policy allows script, fallback and WebAssembly, and the allow-list as ancestors; nothing else', () => {
    expect(page['Content-Security-Policy']?.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hash} '${hashOf(fallback)}' 'wasm-unsafe-eval'`,
      "base-uri 'none'",
      "form-action 'none'",
      `frame-ancestors ${apps.join(' ')}`,
    ]);
  });

  test('K5.9: an embedder is an ancestor beside the apps', () => {
    const embedders = ['https://teams.microsoft.com', 'https://*.lightning.force.com'];
    const below = build(configText(['https://portal.acme.com'], 'https://hub.acme.com/', { embedders }));
    const policy = headersOf(below)['/']?.['Content-Security-Policy'] ?? '';
    expect(policy.split('frame-ancestors ')[1]).toBe(`https://portal.acme.com ${embedders.join(' ')}`);
    // A hub's cookie is to be had below another site, too, when the user has agreed.
    expect(textOf(below, 'index.html')).toContain('data-same-site="None"');
    const near = build(
      configText(['https://portal.acme.com'], 'https://hub.acme.com/', { embedders: ['https://acme.com'] }),
    );
    expect(textOf(near, 'index.html')).toContain('data-same-site="Strict"');
  });

  test('K7.7: an origin of another scheme is an ancestor, by its scheme where a policy cannot say its host', () => {
    const shells = ['capacitor://localhost', 'app://-', 'chrome-extension://abcdefgh', 'shell://.', 'shell://my_app'];
    const policy = headersOf(build(configText(shells)))['/']?.['Content-Security-Policy'] ?? '';
    expect(policy.split('frame-ancestors ')[1]).toBe(
      'capacitor://localhost app://- chrome-extension://abcdefgh shell:',
    );
    expect(textOf(build(configText(shells)), 'index.html')).toContain('data-same-site="None"');
  });

  test('only a hub that does the check itself may ask its server anything', () => {
    const checking = headersOf(build(configText(apps, 'https://hub.acme.com/', asking)))['/'] ?? {};
    expect(checking['Content-Security-Policy']?.split('; ')).toContain("connect-src 'self'");
  });

  test('the others of the page', () => {
    expect(page).toMatchObject({
      'Content-Type': 'text/html; charset=utf-8',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Access-Control-Allow-Origin': '*',
      'Cache-Control': 'public, max-age=300, stale-while-revalidate=3600',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    });
    expect(Object.keys(page)).not.toContain('X-Frame-Options');
    expect(page['Permissions-Policy']).not.toContain('storage-access');
    expect(at['/index.html']).toEqual(page);
  });
});

describe('the host files', () => {
  const built = build(configText(apps));
  const page = headersOf(built)['/'] ?? {};
  const setters = [...built.files.keys()].filter((name) => !/^index|^hub-|^lockstep|function|Dockerfile/.test(name));

  test.each(setters)('%s sets every header, and the page is never kept for good', (name) => {
    const text = textOf(built, name);
    for (const [header, value] of Object.entries(page)) {
      // CloudFront has names of its own for some; the types are what most hosts know by themselves.
      if (name !== 'cloudfront-headers.json' && header !== 'Content-Type') expect(text).toContain(header);
      if (header === 'Content-Type' || header === 'X-Content-Type-Options') continue;
      for (const part of header === 'Access-Control-Expose-Headers' ? value.split(', ') : [value])
        expect(text, header).toContain(part);
    }
    expect(text).not.toContain('immutable');
  });

  test('K7.8: the client is a script that pages of every origin may load, and nothing else of it is the page', () => {
    expect(textOf(built, 'lockstep.iife.js')).toBe(artefacts.client);
    expect(headersOf(built)['/lockstep.iife.js']).toEqual({
      'Content-Type': 'text/javascript; charset=utf-8',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Access-Control-Allow-Origin': '*',
      'Cache-Control': 'public, max-age=300, stale-while-revalidate=3600',
      'X-Content-Type-Options': 'nosniff',
    });
    const part = (name: string, begin: string, end: string) => textOf(built, name).split(begin)[1]?.split(end)[0] ?? '';
    for (const text of [
      part('_headers', '\n/lockstep.iife.js\n', '\n\n'),
      part('.htaccess', '<Files "lockstep.iife.js">', '</Files>'),
      part('Caddyfile', 'header @client {', '}'),
    ]) {
      expect(text).toMatch(/Cross-Origin-Resource-Policy:? "?cross-origin/);
      expect(text).toMatch(/Access-Control-Allow-Origin:? "?\*/);
      expect(text).not.toContain('Content-Security-Policy');
    }
    expect(textOf(built, 'Caddyfile')).toContain('@client path /lockstep.iife.js');
    expect(textOf(built, 'nginx.conf')).toContain('gzip_types application/javascript text/javascript;');
  });

  test('K7.8: the hash is the one that browsers make of the script', () => {
    const hash = createHash('sha384').update(artefacts.client).digest('base64');
    expect(built.clientIntegrity).toBe(`sha384-${hash}`);
  });

  test('a page that is missing is not kept', () => {
    expect(textOf(built, 'nginx.conf')).not.toMatch(/Cache-Control "[^"]*" always/);
    expect(textOf(built, '.htaccess')).not.toMatch(/always set Cache-Control/);
  });

  test('a hub below the root has its headers there', () => {
    const below = build(configText(apps, 'https://acme.com/lockstep/'));
    expect(Object.keys(headersOf(below))).toEqual([
      'lockstep',
      '/lockstep/',
      '/lockstep/index.html',
      '/lockstep/lockstep.iife.js',
      '/lockstep/hub-fallback.js',
    ]);
    expect(textOf(below, '_headers')).toMatch(/^\/lockstep\/$/m);
    expect(textOf(below, 'nginx.conf')).toContain('location /lockstep/ {');
    expect(textOf(below, 'Dockerfile')).toContain(
      'COPY index.html hub-fallback.js lockstep.iife.js /usr/share/nginx/html/lockstep/\n',
    );
    expect(textOf(below, 'Caddyfile')).toContain('handle_path /lockstep/* {');
    expect(JSON.parse(textOf(below, 'vercel.json')).headers[0].source).toBe('/lockstep/(.*)');
    expect(JSON.parse(textOf(below, 'firebase.json')).hosting.headers[0].source).toBe('/lockstep/**');
    expect(JSON.parse(textOf(below, 'staticwebapp.config.json')).routes[0].route).toBe('/lockstep/*');
  });

  test('nginx.conf is a whole server block, and of TLS it speaks only where the hub has it', () => {
    expect(textOf(built, 'nginx.conf')).toMatch(/^server \{\n {4}listen 80;\n[\s\S]*^\}\n$/m);
    expect(textOf(built, 'nginx.conf')).toContain('listen 443 ssl');
    const local = build(configText(['http://a.localhost:3000'], 'http://localhost:8080/'));
    expect(textOf(local, 'nginx.conf')).not.toContain('ssl');
  });

  test('web.config is XML with each header once', () => {
    const text = textOf(built, 'web.config');
    const added = [...text.matchAll(/<add name="([^"]*)" value="([^"<&]*)" \/>/g)].map(([, name, value]) => [
      name,
      value,
    ]);
    const { 'Content-Type': type, ...rest } = page;
    expect(Object.fromEntries(added)).toEqual(rest);
    expect(text).toContain(`mimeType="${type}"`);
  });

  test('CloudFront: what it names itself is not among the custom headers, and no count is wrong', () => {
    const policy = JSON.parse(textOf(built, 'cloudfront-headers.json'));
    const { Quantity, Items } = policy.CustomHeadersConfig;
    const custom = Items.map(({ Header }: { Header: string }) => Header);
    expect(Quantity).toBe(custom.length);
    expect(custom).toEqual([
      'Cross-Origin-Embedder-Policy',
      'Cross-Origin-Resource-Policy',
      'Cache-Control',
      'Origin-Agent-Cluster',
      'Permissions-Policy',
    ]);
    const handler = new Function('event', `${textOf(built, 'cloudfront-function.js')} return handler(event);`);
    expect(handler({ request: { uri: '/hub/' } })).toEqual({ uri: '/hub/index.html' });
    expect(handler({ request: { uri: '/session' } })).toEqual({ uri: '/session' });
  });
});

test('the same configuration and version give the same bytes, however it is written', () => {
  const text = configText(apps);
  expect([...build(text).files]).toEqual([...build(text).files]);
  expect([...build(`// ours\n${JSON.stringify(JSON.parse(text), null, 8)}`).files]).toEqual([...build(text).files]);
});
