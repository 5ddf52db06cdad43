// Writes the same headers in the words of each common host. Every file is complete by itself; only the one the owner's
// host reads is used. Values need no escaping here: config.ts admits no quote, dollar, brace or line end into any of them.

import type { Hub } from './config.js';
import type { Headers } from './headers.js';

/** The member of headers.json that marks a folder as ours, so that a later build may write into it. */
export const marker = 'lockstep';

export function hostFiles(hub: Hub, headers: Headers, version: string): ReadonlyMap<string, string> {
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

function headersJson({ url, path }: Hub, headers: Headers, version: string): string {
  return json({ [marker]: { version, hub: url }, [path]: headers, [`${path}index.html`]: headers });
}

function netlifyAndCloudflare({ path }: Hub, headers: Headers): string {
  const rule = (at: string) => [at, ...entries(headers).map(([name, value]) => `  ${name}: ${value}`), ''];
  return lines(
    '# Netlify and Cloudflare Pages read this file at the root of what is deployed.',
    ...rule(path),
    ...rule(`${path}index.html`),
  );
}

// Vercel and Firebase know the type of .html themselves, and their patterns also cover the other files.
function vercel({ path }: Hub, headers: Headers): string {
  return json({ headers: [{ source: `${path}(.*)`, headers: keyAndValue(headers) }] });
}

function firebase({ path }: Hub, headers: Headers): string {
  const ignore = ['firebase.json', 'headers.json', '_headers', 'vercel.json', 'nginx.conf', 'Caddyfile', '**/.*'];
  return json({ hosting: { public: '.', ignore, headers: [{ source: `${path}**`, headers: keyAndValue(headers) }] } });
}

function nginx({ host, path }: Hub, headers: Headers): string {
  return lines(
    `# For the server block of ${host}. nginx inherits no add_header into a location that has its own, so this list is complete.`,
    `location ${path} {`,
    '    # Copy index.html to this path below the root of the server.',
    '    index index.html;',
    '    charset utf-8;',
    ...entries(withoutType(headers)).map(([name, value]) => `    add_header ${name} "${value}" always;`),
    '}',
    '',
  );
}

function apache(headers: Headers): string {
  return lines(
    '# Needs mod_headers, and AllowOverride FileInfo Indexes for this folder.',
    'DirectoryIndex index.html',
    'AddDefaultCharset utf-8',
    ...entries(withoutType(headers)).map(([name, value]) => `Header always set ${name} "${value}"`),
    '# Where the server sets it for everything, no app could embed the hub.',
    'Header always unset X-Frame-Options',
    'Header unset X-Frame-Options',
    '',
  );
}

function caddy({ origin, path }: Hub, headers: Headers): string {
  const body = [
    // Copied from the folder of the build.
    'root * /var/www/lockstep-hub',
    'header {',
    ...entries(withoutType(headers)).map(([name, value]) => `\t${name} "${value}"`),
    '\t-X-Frame-Options',
    '}',
    'file_server',
  ];
  const within = path === '/' ? body : [`handle_path ${path}* {`, ...body.map((line) => `\t${line}`), '}'];
  return lines(
    '# Copy index.html to the folder named root.',
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
