// Writes the same headers in the words of each common host. Every file is complete by itself; only the one the owner's
// host reads is used. Values need no escaping here: config.ts admits no quote, dollar, brace or line end into any of them.
// Must never let a host say of a missing file that it is to be kept for good.

import type { Hub } from './config.js';
import type { Headers, HubHeaders } from './headers.js';

/** The member of headers.json that marks a folder as ours, so that a later build may write into it. */
export const marker = 'lockstep';

export function hostFiles(hub: Hub, headers: HubHeaders, version: string): ReadonlyMap<string, string> {
  return new Map([
    ['headers.json', headersJson(hub, headers, version)],
    ['_headers', netlifyAndCloudflare(hub, headers)],
    ['vercel.json', vercel(hub, headers)],
    ['firebase.json', firebase(hub, headers)],
    ['nginx.conf', nginx(hub, headers)],
    ['.htaccess', apache(headers)],
    ['Caddyfile', caddy(hub, headers)],
  ]);
}

/** Every path of the hub; where a host adds up the rules that match, none may match twice. */
function rulesOf({ path }: Hub, { page, files }: HubHeaders): readonly (readonly [string, Headers])[] {
  return [[path, page], [`${path}index.html`, page], ...fileRules(path, files)];
}

function fileRules(path: string, files: HubHeaders['files']): readonly (readonly [string, Headers])[] {
  return [...files].map(([name, headers]) => [`${path}${name}`, headers]);
}

function headersJson(hub: Hub, headers: HubHeaders, version: string): string {
  return json({ [marker]: { version, hub: hub.url }, ...Object.fromEntries(rulesOf(hub, headers)) });
}

function netlifyAndCloudflare(hub: Hub, headers: HubHeaders): string {
  return lines(
    '# Netlify and Cloudflare Pages read this file at the root of what is deployed.',
    ...rulesOf(hub, headers).flatMap(([at, each]) => [
      at,
      ...entries(each).map(([name, value]) => `  ${name}: ${value}`),
      '',
    ]),
  );
}

// Vercel and Firebase know the types of files themselves. The first rule also covers all else in the folder; where two match,
// the later one counts.
function vercel({ path }: Hub, { page, files }: HubHeaders): string {
  const rules = [[`${path}(.*)`, page] as const, ...fileRules(path, files)];
  return json({ headers: rules.map(([source, headers]) => ({ source, headers: keyAndValue(headers) })) });
}

function firebase({ path }: Hub, { page, files }: HubHeaders): string {
  const ignore = ['firebase.json', 'headers.json', '_headers', 'vercel.json', 'nginx.conf', 'Caddyfile', '**/.*'];
  const rules = [[`${path}**`, page] as const, ...fileRules(path, files)];
  const headers = rules.map(([source, each]) => ({ source, headers: keyAndValue(each) }));
  return json({ hosting: { public: '.', ignore, headers } });
}

function nginx({ host, path }: Hub, { page, files }: HubHeaders): string {
  const added = (headers: Headers) =>
    entries(withoutType(headers)).map(
      ([name, value]) => `    add_header ${name} "${value}"${name === 'Cache-Control' ? '' : ' always'};`,
    );
  return lines(
    `# For the server block of ${host}. nginx inherits no add_header into a location that has its own, so each list is complete.`,
    `location ${path} {`,
    '    # Copy index.html and the two files named hub.* to this path below the root of the server.',
    '    index index.html;',
    '    charset utf-8;',
    '    gzip on;',
    ...added(page),
    '}',
    ...fileRules(path, files).flatMap(([at, headers]) => [
      `location = ${at} {`,
      '    types { }',
      `    default_type "${headers['Content-Type']}";`,
      '    gzip on;',
      '    gzip_types *;',
      ...added(headers),
      '}',
    ]),
    '',
  );
}

function apache({ page, files }: HubHeaders): string {
  const section = (name: string, headers: Headers) => [
    `<Files "${name}">`,
    ...entries(withoutType(headers)).map(
      ([header, value]) => `    Header ${header === 'Cache-Control' ? '' : 'always '}set ${header} "${value}"`,
    ),
    '</Files>',
  ];
  return lines(
    '# Needs mod_headers, and AllowOverride FileInfo Indexes for this folder.',
    'DirectoryIndex index.html',
    'AddDefaultCharset utf-8',
    'AddType application/wasm .wasm',
    '<IfModule mod_deflate.c>',
    '    SetOutputFilter DEFLATE',
    '</IfModule>',
    ...section('index.html', page),
    ...[...files].flatMap(([name, headers]) => section(name, headers)),
    '# Where the server sets it for everything, no app could embed the hub.',
    'Header always unset X-Frame-Options',
    'Header unset X-Frame-Options',
    '',
  );
}

function caddy({ origin, path }: Hub, { page, files }: HubHeaders): string {
  const block = (name: string, within: readonly string[]) => [`${name} {`, ...within.map((line) => `\t${line}`), '}'];
  const set = (headers: Headers) => entries(withoutType(headers)).map(([name, value]) => `${name} "${value}"`);
  const body = [
    // Copied from the folder of the build.
    'root * /var/www/lockstep-hub',
    ...block('encode', [
      'gzip',
      ...block('match', ['header Content-Type text/*', 'header Content-Type application/wasm']),
    ]),
    '@page path / /index.html',
    ...block('header @page', [...set(page), '-X-Frame-Options']),
    ...[...files].flatMap(([name, { 'Cache-Control': kept, ...headers }]) => {
      const is = name.endsWith('.js') ? 'script' : 'module';
      // `file`: only where it is there. Else the answer that it is missing would be kept.
      return [
        `@${is} path /${name}`,
        ...block(`header @${is}`, set(headers)),
        ...block(`@${is}-there`, [`path /${name}`, 'file']),
        `header @${is}-there Cache-Control "${kept}"`,
      ];
    }),
    'file_server',
  ];
  const within = path === '/' ? body : [`handle_path ${path}* {`, ...body.map((line) => `\t${line}`), '}'];
  return lines(
    '# Copy index.html and the two files named hub.* to the folder named root.',
    `${origin} {`,
    ...within.map((line) => `\t${line}`),
    '}',
    '',
  );
}

function entries(headers: Headers): readonly (readonly [string, string])[] {
  return Object.entries(headers);
}

function withoutType(headers: Headers): Headers {
  const { 'Content-Type': _, ...rest } = headers;
  return rest;
}

function keyAndValue(headers: Headers): readonly { readonly key: string; readonly value: string }[] {
  return entries(withoutType(headers)).map(([key, value]) => ({ key, value }));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function lines(...all: readonly string[]): string {
  return all.join('\n');
}
