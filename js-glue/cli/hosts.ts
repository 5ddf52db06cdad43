// Writes the same headers in the words of each common host. Every file is complete by itself; only the one the owner's
// host reads is used. Values need no escaping here: config.ts refuses a quote, dollar, brace, ampersand or line end
// in any of them.

import { callbackName, clientName, fallbackName } from './artefacts.js';
import type { Hub } from './config.js';
import { clientHeaders, type Headers } from './headers.js';

/** The member of headers.json that marks a folder as ours, so that a later build may write into it. */
export const marker = 'lockstep';

/** `pages`: the names of the pages in the folder, the hub's first. */
type Writer = (hub: Hub, headers: Headers, version: string, pages: readonly string[]) => string;

/** In the order in which they are listed, each with what it is for. */
const hosts: readonly (readonly [name: string, use: string, write: Writer])[] = [
  ['_headers', 'Netlify, Cloudflare Pages', netlifyAndCloudflare],
  ['vercel.json', 'Vercel', vercel],
  ['firebase.json', 'Firebase Hosting', firebase],
  ['staticwebapp.config.json', 'Azure Static Web Apps', azure],
  ['cloudfront-headers.json', 'S3 with CloudFront: a response headers policy', cloudFrontHeaders],
  ['cloudfront-function.js', 'S3 with CloudFront: a function for viewer requests', cloudFrontFunction],
  ['nginx.conf', 'nginx: a server block for conf.d', nginx],
  ['Dockerfile', 'a container of nginx with that block', dockerfile],
  ['.htaccess', 'Apache', apache],
  ['Caddyfile', 'Caddy', caddy],
  ['web.config', 'IIS', iis],
  ['headers.json', 'any other server: path, header, value', headersJson],
];

export const hostUses = hosts.map(([name, use]) => [name, use] as const);

export function hostFiles(
  hub: Hub,
  headers: Headers,
  version: string,
  pages: readonly string[],
): ReadonlyMap<string, string> {
  return new Map(hosts.map(([name, , write]) => [name, write(hub, headers, version, pages)]));
}

/** The headers of each path, where a host takes them by path. The hub's page has two. */
function rulesOf(
  { path }: Hub,
  page: Headers,
  pages: readonly string[],
): readonly (readonly [path: string, headers: Headers])[] {
  return [
    [path, page],
    ...pages.map((name) => [`${path}${name}`, pageHeaders(name, page)] as const),
    [`${path}${clientName}`, clientHeaders],
  ];
}

/** An address of the callback page is asked for once. */
function pageHeaders(name: string, page: Headers): Headers {
  return name === callbackName ? { ...page, 'Cache-Control': 'no-store' } : page;
}

function headersJson(hub: Hub, headers: Headers, version: string, pages: readonly string[]): string {
  return json({
    [marker]: { version, hub: hub.url },
    ...Object.fromEntries(rulesOf(hub, headers, pages)),
    [`${hub.path}${fallbackName}`]: { 'Content-Type': clientHeaders['Content-Type'] },
  });
}

function netlifyAndCloudflare(hub: Hub, headers: Headers, _: string, pages: readonly string[]): string {
  // Cloudflare Pages sends a browser on from `callback.html` to `callback`.
  const names = pages.flatMap((name) => (name === callbackName ? [name, name.replace('.html', '')] : [name]));
  return lines(
    '# Netlify and Cloudflare Pages read this file at the root of what is deployed.',
    ...rulesOf(hub, headers, names).flatMap(([path, each]) => [
      path,
      ...entries(each).map(([name, value]) => `  ${name}: ${value}`),
      '',
    ]),
  );
}

// Vercel and Firebase know the types of files themselves. Each rule covers whatever else is in the folder, too.
function vercel({ path }: Hub, headers: Headers): string {
  return json({ headers: [{ source: `${path}(.*)`, headers: keyAndValue(headers) }] });
}

function firebase({ path }: Hub, headers: Headers): string {
  const ignore = [...hostUses.map(([name]) => name).filter((name) => !name.startsWith('.')), '**/.*'];
  return json({
    hosting: { public: '.', ignore, headers: [{ source: `${path}**`, headers: keyAndValue(headers) }] },
  });
}

function azure({ path }: Hub, headers: Headers): string {
  return json({
    routes: [{ route: `${path}*`, headers: withoutType(headers) }],
    mimeTypes: { '.html': headers['Content-Type'] },
  });
}

/**
 * For `aws cloudfront create-response-headers-policy --response-headers-policy-config file://cloudfront-headers.json`.
 * CloudFront has members of its own for some headers, and refuses these among the custom ones.
 */
function cloudFrontHeaders({ host }: Hub, headers: Headers): string {
  const {
    'Content-Security-Policy': policy,
    'Referrer-Policy': referrer,
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Expose-Headers': exposed,
    'X-Content-Type-Options': _,
    ...custom
  } = withoutType(headers);
  const list = (items: readonly unknown[]) => ({ Quantity: items.length, Items: items });
  return json({
    Name: `lockstep-hub-${host.replaceAll('.', '-')}`,
    CorsConfig: {
      AccessControlAllowOrigins: list([origin]),
      AccessControlAllowHeaders: list(['*']),
      AccessControlAllowMethods: list(['GET', 'HEAD']),
      AccessControlAllowCredentials: false,
      AccessControlExposeHeaders: list((exposed ?? '').split(', ')),
      OriginOverride: true,
    },
    SecurityHeadersConfig: {
      ContentSecurityPolicy: { Override: true, ContentSecurityPolicy: policy },
      ContentTypeOptions: { Override: true },
      ReferrerPolicy: { Override: true, ReferrerPolicy: referrer },
    },
    CustomHeadersConfig: list(entries(custom).map(([Header, Value]) => ({ Header, Value, Override: true }))),
  });
}

function cloudFrontFunction(): string {
  return lines(
    '// S3 has no index of a folder, and the default root object of CloudFront counts at the root alone: ' +
      'without this function',
    '// the URL of a hub below a path is answered with 403. Add it to the viewer requests of the cache behavior.',
    'function handler(event) {',
    '  var request = event.request;',
    "  if (request.uri.endsWith('/')) request.uri += 'index.html';",
    '  return request;',
    '}',
    '',
  );
}

function nginx({ host, path, scheme }: Hub, headers: Headers, _: string, pages: readonly string[]): string {
  const tls = [
    '    # In a container, a proxy before nginx usually terminates TLS. Without such a proxy, use these instead:',
    '    # listen 443 ssl;',
    `    # ssl_certificate /etc/ssl/${host}.crt;`,
    `    # ssl_certificate_key /etc/ssl/${host}.key;`,
  ];
  return lines(
    '# A file for conf.d. Into a server block of your own, copy the location and the root.',
    'server {',
    '    listen 80;',
    ...(scheme === 'https:' ? tls : []),
    `    server_name ${host};`,
    '',
    `    # Copy ${pages.join(', ')}, ${fallbackName} and ${clientName} to ${path} below this folder.`,
    '    root /usr/share/nginx/html;',
    '',
    `    location ${path} {`,
    '        index index.html;',
    '        charset utf-8;',
    '        gzip on;',
    '        gzip_types application/javascript text/javascript;',
    '        # nginx inherits no add_header into a location that has its own, so this list is complete.',
    ...entries(withoutType(headers)).map(
      // A page that is missing must not be kept.
      ([name, value]) => `        add_header ${name} "${value}"${name === 'Cache-Control' ? '' : ' always'};`,
    ),
    '    }',
    '}',
    '',
  );
}

function dockerfile({ path }: Hub, _: Headers, __: string, pages: readonly string[]): string {
  return lines(
    '# docker build -t lockstep-hub . && docker run -p 8080:80 lockstep-hub',
    'FROM nginx:stable-alpine',
    'COPY nginx.conf /etc/nginx/conf.d/default.conf',
    `COPY ${pages.join(' ')} ${fallbackName} ${clientName} /usr/share/nginx/html${path}`,
    '',
  );
}

function apache(_: Hub, headers: Headers, __: string, pages: readonly string[]): string {
  return lines(
    '# Needs mod_headers, and AllowOverride FileInfo Indexes for this folder.',
    'DirectoryIndex index.html',
    'AddDefaultCharset utf-8',
    '<IfModule mod_deflate.c>',
    '    SetOutputFilter DEFLATE',
    '</IfModule>',
    ...pages.flatMap((name) => filesOf(name, pageHeaders(name, headers))),
    ...filesOf(clientName, clientHeaders),
    '# Where the server sets it for everything, no app could embed the hub.',
    'Header always unset X-Frame-Options',
    'Header unset X-Frame-Options',
    '',
  );
}

function filesOf(name: string, headers: Headers): readonly string[] {
  return [
    `<Files "${name}">`,
    ...entries(withoutType(headers)).map(
      ([header, value]) => `    Header ${header === 'Cache-Control' ? '' : 'always '}set ${header} "${value}"`,
    ),
    '</Files>',
  ];
}

function caddy({ origin, path }: Hub, headers: Headers, _: string, pages: readonly string[]): string {
  const block = (name: string, within: readonly string[]) => [`${name} {`, ...within.map((line) => `\t${line}`), '}'];
  const set = (each: Headers) => entries(withoutType(each)).map(([name, value]) => `${name} "${value}"`);
  const body = [
    'root * /var/www/lockstep-hub',
    'encode gzip',
    `@page path / ${pages.map((name) => `/${name}`).join(' ')}`,
    ...block('header @page', [...set(headers), '-X-Frame-Options']),
    `@client path /${clientName}`,
    ...block('header @client', set(clientHeaders)),
    'file_server',
  ];
  return lines(
    `# Copy ${pages.join(', ')}, ${fallbackName} and ${clientName} to the folder named root.`,
    ...block(origin, path === '/' ? body : block(`handle_path ${path}*`, body)),
    '',
  );
}

function iis(_: Hub, headers: Headers): string {
  return lines(
    '<?xml version="1.0" encoding="utf-8"?>',
    '<configuration>',
    '  <system.webServer>',
    '    <defaultDocument enabled="true">',
    '      <files>',
    '        <clear />',
    '        <add value="index.html" />',
    '      </files>',
    '    </defaultDocument>',
    '    <staticContent>',
    '      <remove fileExtension=".html" />',
    `      <mimeMap fileExtension=".html" mimeType="${headers['Content-Type']}" />`,
    '    </staticContent>',
    '    <urlCompression doStaticCompression="true" />',
    '    <httpProtocol>',
    '      <customHeaders>',
    '        <!-- Where the server sets it for everything, no app could embed the hub. -->',
    '        <remove name="X-Frame-Options" />',
    ...entries(withoutType(headers)).flatMap(([name, value]) => [
      // A header that the server has already would be a fault of the whole file.
      `        <remove name="${name}" />`,
      `        <add name="${name}" value="${value}" />`,
    ]),
    '      </customHeaders>',
    '    </httpProtocol>',
    '  </system.webServer>',
    '</configuration>',
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
