// The built folder: the page, the files it names, their headers, and the words of every host. The same text gives the same bytes,
// and nothing of a configuration can break out of its place in the page.

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { composeHub, hashedName } from '../../../js-glue/cli/html.js';
import { artefacts, build, configText, textOf } from './parts.js';

const apps = ['https://portal.acme.com', 'https://*.preview.acme.com', 'https://acme-other.com:8443'];
const { scriptName, moduleName } = composeHub({ ...artefacts, sameSite: 'Strict', config: '{}' });

type Paths = Readonly<Record<string, Readonly<Record<string, string>>>>;
const headersOf = (built: ReturnType<typeof build>): Paths => JSON.parse(textOf(built, 'headers.json'));
const hashOf = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex').slice(0, 16);

describe('the page', () => {
  test('holds the configuration, and names the module and the script by their content', () => {
    const { html } = composeHub({ ...artefacts, sameSite: 'Strict', config: '{"hub":"h"}' });
    const script = `hub.${hashOf(artefacts.script)}.js`;
    expect({ scriptName, moduleName }).toEqual({
      scriptName: script,
      moduleName: `hub.${hashOf(artefacts.wasm)}.wasm`,
    });
    expect(html).toBe(
      [
        '<!doctype html>',
        `<link rel="preload" as="fetch" href="${moduleName}" id="module">`,
        `<link rel="preload" as="script" href="${script}">`,
        '<script type="application/json" data-same-site="Strict" id="config">{"hub":"h"}</script>',
        `<script src="${script}"></script>`,
        '',
      ].join('\n'),
    );
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
    const { html } = composeHub({ ...artefacts, sameSite: 'Strict', config: hostile });
    expect(html.match(/<\/script/g)).toHaveLength(2);
    expect(html).not.toContain('<!--');
    const block = /id="config">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    expect(JSON.parse(block)).toEqual(JSON.parse(hostile));
  });

  test.each([
    ['', '{{config}} 0 times'],
    [artefacts.template.replace('{{module}}', ''), '{{module}} 0 times'],
    [artefacts.template.replaceAll('{{script}}', ''), '{{script}} 0 times'],
    [`${artefacts.template}{{config}}`, '{{config}} 2 times'],
  ])('a template that cannot be filled is refused: %#', (template, reason) => {
    expect(() => composeHub({ ...artefacts, sameSite: 'Strict', template, config: '{}' })).toThrow(reason);
  });

  test('has no policy of its own, where frame-ancestors would be ignored', () => {
    expect(textOf(build(configText(apps)), 'index.html')).not.toMatch(/http-equiv/i);
  });
});

describe('the files', () => {
  test('script and module are those of the package, byte for byte, whatever the configuration', () => {
    for (const hub of ['https://hub.acme.com/', 'https://acme.com/lockstep/']) {
      const { files, loaded } = build(configText(apps, hub));
      expect(loaded).toEqual(['index.html', scriptName, moduleName]);
      expect(files.get(scriptName)).toBe(artefacts.script);
      expect(files.get(moduleName)).toBe(artefacts.wasm);
    }
  });

  test('another script or module has another name, and each is one that a later build leaves alone', () => {
    const other = composeHub({
      ...artefacts,
      sameSite: 'Strict',
      script: `${artefacts.script} `,
      wasm: new Uint8Array(8),
      config: '{}',
    });
    const names = [scriptName, moduleName, other.scriptName, other.moduleName];
    expect(new Set(names).size).toBe(4);
    expect(names.every((name) => hashedName.test(name))).toBe(true);
    expect(['hub.js', 'index.html', 'my.hub.0123456789abcdef.js'].some((name) => hashedName.test(name))).toBe(false);
  });

  test('what the page names is written before the page', () => {
    expect([...build(configText(apps)).files.keys()]).toEqual([
      scriptName,
      moduleName,
      'index.html',
      'headers.json',
      '_headers',
      'vercel.json',
      'firebase.json',
      'nginx.conf',
      '.htaccess',
      'Caddyfile',
    ]);
  });
});

describe('the headers', () => {
  const built = build(configText(apps));
  const at = headersOf(built);
  const page = at['/'] ?? {};

  test('the policy allows its own script and module, WebAssembly, and the allow-list as ancestors; nothing else', () => {
    expect(page['Content-Security-Policy']?.split('; ')).toEqual([
      "default-src 'none'",
      "connect-src 'self'",
      "script-src 'self' 'wasm-unsafe-eval'",
      "base-uri 'none'",
      "form-action 'none'",
      `frame-ancestors ${apps.join(' ')}`,
    ]);
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

  test('script and module are kept for good, and readable by the client', () => {
    const file = {
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Access-Control-Allow-Origin': '*',
      'Cache-Control': 'public, max-age=31536000, immutable',
      'X-Content-Type-Options': 'nosniff',
    };
    expect(at[`/${scriptName}`]).toEqual({ 'Content-Type': 'text/javascript; charset=utf-8', ...file });
    expect(at[`/${moduleName}`]).toEqual({ 'Content-Type': 'application/wasm', ...file });
  });
});

/** What one host file says of one path, and how it ends. */
const rules: Readonly<
  Record<string, Readonly<Record<'page' | 'script' | 'module', readonly [start: string, end?: string]>>>
> = {
  'headers.json': {
    page: ['"/": {', '}'],
    script: [`"/${scriptName}": {`, '}'],
    module: [`"/${moduleName}": {`, '}'],
  },
  _headers: { page: ['\n/\n', '\n\n'], script: [`\n/${scriptName}\n`, '\n\n'], module: [`\n/${moduleName}\n`] },
  'vercel.json': {
    page: ['"source": "/(.*)"', ']'],
    script: [`"source": "/${scriptName}"`, ']'],
    module: [`"source": "/${moduleName}"`, ']'],
  },
  'firebase.json': {
    page: ['"source": "/**"', ']'],
    script: [`"source": "/${scriptName}"`, ']'],
    module: [`"source": "/${moduleName}"`, ']'],
  },
  'nginx.conf': {
    page: ['location / {', '\n}'],
    script: [`location = /${scriptName} {`, '\n}'],
    module: [`location = /${moduleName} {`, '\n}'],
  },
  '.htaccess': {
    page: ['<Files "index.html">', '</Files>'],
    script: [`<Files "${scriptName}">`, '</Files>'],
    module: [`<Files "${moduleName}">`, '</Files>'],
  },
  Caddyfile: {
    page: ['header @page {', '\n\t}'],
    script: ['header @script {', '@module'],
    module: ['header @module {', 'file_server'],
  },
};

describe('the host files', () => {
  const built = build(configText(apps));
  const at = headersOf(built);
  const headersFor = { page: at['/'], script: at[`/${scriptName}`], module: at[`/${moduleName}`] };
  const section = (name: string, what: 'page' | 'script' | 'module') => {
    const [start = '', end] = rules[name]?.[what] ?? [];
    const text = textOf(built, name);
    if (text.split(start).length !== 2) throw new Error(`${name} has ${start} not once.`);
    const from = text.slice(text.indexOf(start));
    return end === undefined ? from : from.slice(0, from.indexOf(end, start.length));
  };

  test.each(Object.keys(rules))('%s sets every header of each path, and no other path has it', (name) => {
    for (const what of ['page', 'script', 'module'] as const) {
      const text = section(name, what);
      for (const [header, value] of Object.entries(headersFor[what] ?? {})) {
        if (header === 'Content-Type' && !['headers.json', '_headers'].includes(name)) continue;
        expect(text, `${header} of the ${what} in ${name}`).toMatch(new RegExp(`\\b${header}\\b`));
        expect(text, `${header} of the ${what} in ${name}`).toContain(value);
      }
      expect(text.includes('immutable'), `${what} in ${name}`).toBe(what !== 'page');
    }
  });

  test.each([
    ['nginx.conf', 'default_type "application/wasm";'],
    ['.htaccess', 'AddType application/wasm .wasm'],
    ['_headers', 'Content-Type: application/wasm'],
  ])('%s says the type of the module, which not every version of the host knows', (name, words) => {
    expect(textOf(built, name)).toContain(words);
  });

  test('where a rule also answers for files that are missing, none is told to be kept', () => {
    expect(textOf(built, 'nginx.conf')).toMatch(/Cache-Control "[^"]*immutable";/);
    expect(textOf(built, 'nginx.conf')).not.toMatch(/Cache-Control "[^"]*" always/);
    expect(textOf(built, '.htaccess')).not.toMatch(/always set Cache-Control/);
    const caddyfile = textOf(built, 'Caddyfile');
    expect(caddyfile.match(/@(script|module)-there \{\n\t\tpath \S+\n\t\tfile\n\t\}/g)).toHaveLength(2);
    expect(caddyfile.match(/immutable/g)).toEqual(
      caddyfile.match(/@(script|module)-there Cache-Control.*immutable/g)?.map(() => 'immutable'),
    );
  });

  test('a hub below the root has its headers there', () => {
    const below = build(configText(apps, 'https://acme.com/lockstep/'));
    expect(Object.keys(headersOf(below))).toEqual([
      'lockstep',
      '/lockstep/',
      '/lockstep/index.html',
      `/lockstep/${scriptName}`,
      `/lockstep/${moduleName}`,
    ]);
    expect(textOf(below, '_headers')).toMatch(/^\/lockstep\/$/m);
    expect(textOf(below, '_headers')).toContain(`\n/lockstep/${moduleName}\n`);
    expect(textOf(below, 'nginx.conf')).toContain('location /lockstep/ {');
    expect(textOf(below, 'nginx.conf')).toContain(`location = /lockstep/${scriptName} {`);
    expect(textOf(below, 'Caddyfile')).toContain('handle_path /lockstep/* {');
    const sources = ({ headers }: { headers: readonly { source: string }[] }) => headers.map(({ source }) => source);
    const files = [`/lockstep/${scriptName}`, `/lockstep/${moduleName}`];
    expect(sources(JSON.parse(textOf(below, 'vercel.json')))).toEqual(['/lockstep/(.*)', ...files]);
    expect(sources(JSON.parse(textOf(below, 'firebase.json')).hosting)).toEqual(['/lockstep/**', ...files]);
    // The page names its files beside itself.
    expect(textOf(below, 'index.html')).toContain(`src="${scriptName}"`);
  });
});

test('the same configuration and version give the same bytes, however it is written', () => {
  const text = configText(apps);
  expect([...build(text).files]).toEqual([...build(text).files]);
  expect([...build(`// ours\n${JSON.stringify(JSON.parse(text), null, 8)}`).files]).toEqual([...build(text).files]);
});
