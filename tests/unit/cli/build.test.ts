// The built folder: the page, its headers, and the words of every host. The same text gives the same bytes, and nothing
// of a configuration can break out of its place in the page.

import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bytesOf } from '../../../bridge-html/module_text.js';
import { composeHub } from '../../../js-glue/cli/html.js';
import { artefacts, build, configText } from './parts.js';

const apps = ['https://portal.acme.com', 'https://*.preview.acme.com', 'https://acme-other.com:8443'];

function headersAt(files: ReadonlyMap<string, string>, path: string): Readonly<Record<string, string>> {
  return JSON.parse(files.get('headers.json') ?? '')[path];
}

describe('the page', () => {
  test('holds the configuration, the module and the script, each in its element', () => {
    const { html } = composeHub({ ...artefacts, config: '{"hub":"h"}' });
    expect(html).toBe(
      [
        '<!doctype html>',
        '<script type="application/json" id="config">{"hub":"h"}</script>',
        '<script type="text/plain" id="module">\x7fasm\u0001\x7f\x7f\x7f</script>',
        '<script>document.title = "hub";\n</script>',
        '',
      ].join('\n'),
    );
  });

  test('every byte of the module survives HTML and UTF-8', () => {
    const wasm = Uint8Array.from({ length: 512 }, (_, i) => i % 256);
    const { html } = composeHub({ ...artefacts, wasm, config: '{}' });
    const [, text = ''] = /id="module">([^<]*)<\/script>/.exec(Buffer.from(html).toString('utf8')) ?? [];
    // An HTML parser replaces the one and turns the other into a line feed.
    expect(text).not.toMatch(/[\0\r]/);
    expect(bytesOf(text)).toEqual(wasm);
  });

  test('a hostile configuration cannot end its element, and reads back as it was', () => {
    const hostile = JSON.stringify({ x: '</script><script>alert(1)</script><!--', y: '{{script}} $& $1' });
    const { html } = composeHub({ ...artefacts, config: hostile });
    expect(html.match(/<\/script/g)).toHaveLength(3);
    expect(html).not.toContain('<!--');
    const block = /id="config">(.*?)<\/script>/s.exec(html)?.[1] ?? '';
    expect(JSON.parse(block)).toEqual(JSON.parse(hostile));
  });

  test.each(['"</script>"', '"</SCRIPT "', '"<!--"', '"\0"'])('a script with %s is refused', (script) => {
    expect(() => composeHub({ ...artefacts, script, config: '{}' })).toThrow('which HTML would misread');
  });

  test.each([
    ['', '{{config}} 0 times'],
    [artefacts.template.replace('{{module}}', ''), '{{module}} 0 times'],
    [`${artefacts.template}{{script}}`, '{{script}} 2 times'],
    [artefacts.template.replace('<script>{{script}}</script>', '{{script}}'), 'outside a script element'],
  ])('a template that cannot be filled is refused: %#', (template, reason) => {
    expect(() => composeHub({ ...artefacts, template, config: '{}' })).toThrow(reason);
  });

  test.each([
    ['as the template has it', '<script>{{script}}</script>', 'let a;'],
    ['with spaces around it', '<script>\n  {{script}}\n</script>', 'let a;'],
    ['with the line ends of another system', '<script>\r\n{{script}}\r\n</script>', 'let a;\r\nlet b;\rlet c;'],
    ['with the patterns of a replacement in it', '<script>{{script}}</script>', 'let a = "$& $` {{config}}";'],
  ])('the hash is of the exact text between the tags, %s', (_, element, script) => {
    const template = artefacts.template.replace('<script>{{script}}</script>', () => element);
    const { html, scriptHash } = composeHub({ ...artefacts, template, script, config: '{}' });
    const text = html.slice(html.lastIndexOf('<script>') + '<script>'.length, html.lastIndexOf('</script>'));
    expect(text).not.toContain('\r');
    expect(scriptHash).toBe(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  });

  test('has no policy of its own, where frame-ancestors would be ignored', () => {
    expect(build(configText(apps)).files.get('index.html')).not.toMatch(/http-equiv/i);
  });
});

describe('the headers', () => {
  const { files } = build(configText(apps));
  const headers = headersAt(files, '/');

  test('the policy allows the script by its hash, WebAssembly, and the allow-list as ancestors; nothing else', () => {
    const { scriptHash } = composeHub({ ...artefacts, config: '{}' });
    expect(headers['Content-Security-Policy']?.split('; ')).toEqual([
      "default-src 'none'",
      `script-src 'self' 'wasm-unsafe-eval' ${scriptHash}`,
      "base-uri 'none'",
      "form-action 'none'",
      `frame-ancestors ${apps.join(' ')}`,
    ]);
  });

  test('the policy lets the hub ask the one URL of the check, and without a check nothing', () => {
    const checked = build(configText(apps, undefined, { check: { url: '/session?app=1' } }));
    const policy = headersAt(checked.files, '/')['Content-Security-Policy']?.split('; ') ?? [];
    const before = headers['Content-Security-Policy']?.split('; ') ?? [];
    // Script and module are the same, so that nothing else differs.
    expect(policy.filter((directive) => !before.includes(directive))).toEqual([
      'connect-src https://hub.acme.com/session',
    ]);
    expect(policy).toHaveLength(before.length + 1);
  });

  test('the others', () => {
    expect(headers).toMatchObject({
      'Content-Type': 'text/html; charset=utf-8',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Access-Control-Allow-Origin': '*',
      'Cache-Control': 'public, max-age=300, stale-while-revalidate=3600',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    });
    expect(Object.keys(headers)).not.toContain('X-Frame-Options');
    expect(headers['Permissions-Policy']).not.toContain('storage-access');
  });

  test('every host file sets every header to the same value', () => {
    for (const [name, text] of files) {
      if (name === 'index.html') continue;
      for (const [header, value] of Object.entries(headers)) {
        if (header === 'Content-Type' && !['headers.json', '_headers'].includes(name)) continue;
        expect(text, `${header} in ${name}`).toContain(value);
        expect(text, `${header} in ${name}`).toContain(header);
      }
    }
    expect([...files.keys()]).toEqual([
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

  test('a hub below the root has its headers there', () => {
    const below = build(configText(apps, 'https://acme.com/lockstep/')).files;
    expect(Object.keys(JSON.parse(below.get('headers.json') ?? ''))).toEqual([
      'lockstep',
      '/lockstep/',
      '/lockstep/index.html',
    ]);
    expect(below.get('_headers')).toMatch(/^\/lockstep\/$/m);
    expect(below.get('nginx.conf')).toContain('location /lockstep/ {');
    expect(below.get('Caddyfile')).toContain('handle_path /lockstep/* {');
    expect(JSON.parse(below.get('vercel.json') ?? '').headers[0].source).toBe('/lockstep/(.*)');
    expect(JSON.parse(below.get('firebase.json') ?? '').hosting.headers[0].source).toBe('/lockstep/**');
  });
});

test('the same configuration and version give the same bytes, however it is written', () => {
  const text = configText(apps);
  expect([...build(text).files]).toEqual([...build(text).files]);
  expect([...build(`// ours\n${JSON.stringify(JSON.parse(text), null, 8)}`).files]).toEqual([...build(text).files]);
});
