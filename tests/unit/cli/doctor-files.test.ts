// The files of a hub, what is said of files that are not there, and the hub's own check: each single thing that is wrong gives exactly one
// finding, of the file that has it.

import { expect, test } from 'vitest';
import {
  answer,
  type Deployment,
  deployed,
  examined,
  given,
  moduleName,
  scriptName,
  withHeaders,
  withPage,
  wrongs,
} from './deployment.js';

const right = deployed();
const script = (headers: Parameters<typeof withHeaders>[2]) => withHeaders(right, 'script', headers);
const module = (headers: Parameters<typeof withHeaders>[2]) => withHeaders(right, 'module', headers);
const missing = (status: number, headers: Parameters<typeof withHeaders>[2]) => ({
  ...right,
  missing: answer(status, '', headers),
});

const rows: readonly (readonly [name: string, spoilt: Deployment, about: string, found: RegExp])[] = [
  [
    'a script that is missing',
    { ...right, script: answer(404, '', {}) },
    scriptName,
    /^fault there: .*404.*whole folder/,
  ],
  [
    'a module that is missing',
    { ...right, module: answer(404, '', {}) },
    moduleName,
    /^fault there: .*404.*whole folder/,
  ],
  ['a page instead of the module', module({ 'content-type': 'text/html' }), moduleName, /^fault there: .*a page/],
  [
    'a redirect',
    { ...right, module: answer(302, '', { location: '/m' }) },
    moduleName,
    /^fault there: .*\(302\) to \/m/,
  ],
  ['no answer', { ...right, script: { failure: 'is silent' } }, scriptName, /^fault there: .*is silent/],
  [
    'no end',
    { ...right, module: { ...given(right.module), whole: false } },
    moduleName,
    /^fault there: .*more than 8 bytes/,
  ],
  [
    'a script cut short',
    { ...right, script: { ...given(right.script), body: Buffer.from('docu') } },
    scriptName,
    /^fault hash: /,
  ],
  [
    'another module',
    { ...right, module: { ...given(right.module), body: Buffer.alloc(8) } },
    moduleName,
    /^fault hash: .*[0-9a-f]{16}/,
  ],
  ['a script of no type', script({ 'content-type': undefined }), scriptName, /^fault content-type: .*is missing/],
  [
    'a script of another type',
    script({ 'content-type': 'text/plain' }),
    scriptName,
    /^fault content-type: .*text\/plain/,
  ],
  [
    'a module with a parameter',
    module({ 'content-type': 'application/wasm; charset=utf-8' }),
    moduleName,
    /^warning content-type: .*to the letter/,
  ],
  [
    'a module of another type',
    module({ 'content-type': 'application/octet-stream' }),
    moduleName,
    /^warning content-type: .*octet-stream/,
  ],
  [
    'a script not compressed',
    script({ 'content-encoding': undefined }),
    scriptName,
    /^warning content-encoding: .*24 bytes/,
  ],
  ['a module not compressed', module({ 'content-encoding': 'identity' }), moduleName, /^warning content-encoding: /],
  ['a script not kept', script({ 'cache-control': 'no-cache' }), scriptName, /^warning cache-control: .*no-cache/],
  [
    'a module kept for an hour',
    module({ 'cache-control': 'max-age=3600' }),
    moduleName,
    /^warning cache-control: .*3600/,
  ],
  [
    'a module of no Cache-Control',
    module({ 'cache-control': undefined }),
    moduleName,
    /^warning cache-control: .*no Cache-Control/,
  ],
  [
    'no CORP',
    module({ 'cross-origin-resource-policy': undefined }),
    moduleName,
    /^warning cross-origin-resource-policy: /,
  ],
  [
    'no CORS',
    script({ 'access-control-allow-origin': undefined }),
    scriptName,
    /^warning access-control-allow-origin: /,
  ],
  ['no nosniff', script({ 'x-content-type-options': undefined }), scriptName, /^warning x-content-type-options: /],
  ['Clear-Site-Data', module({ 'clear-site-data': '"*"' }), moduleName, /^fault clear-site-data: /],
  ['Set-Cookie', script({ 'set-cookie': 'a=b' }), scriptName, /^warning set-cookie: /],
];

test.each(rows)('one thing wrong with a file, one finding: %s', async (_, spoilt, about, found) => {
  expect(await wrongs(spoilt)).toEqual([expect.stringMatching(found)]);
  expect((await examined(spoilt)).find(({ state }) => state !== 'ok')?.about).toBe(about);
});

test.each([
  [
    'to be kept for good',
    missing(404, { 'cache-control': 'public, max-age=31536000, immutable' }),
    /^fault missing (script|module): .*immutable/,
  ],
  [
    'to be kept for an hour',
    missing(404, { 'cache-control': 'max-age=3600' }),
    /^fault missing (script|module): .*3600/,
  ],
  ['a page', missing(200, { 'content-type': 'text/html' }), /^warning missing (script|module): .*200 instead of 404/],
  ['nothing', { ...right, missing: { failure: 'is silent' } }, /^not checked missing (script|module): .*is silent/],
])('what is answered for a missing file is said of both kinds: %s', async (_, spoilt, found) => {
  expect(await wrongs(spoilt)).toEqual([expect.stringMatching(found), expect.stringMatching(found)]);
});

test('a page that names no module, or two scripts, is no page of a build', async () => {
  const none = withPage(right, (html) => html.replaceAll(moduleName, 'hub.wasm'));
  expect(await wrongs(none)).toContainEqual(expect.stringMatching(/^fault named: The page names no module/));
  const two = withPage(right, (html) => `${html}<script src="hub.0123456789abcdef.js"></script>`);
  expect(await wrongs(two)).toContainEqual(expect.stringMatching(/^fault named: The page names several scripts/));
});

const asking = deployed({ rest: { check: { url: '/session' } } });
test.each([
  ['a failure', { failure: 'refuses the connection' }, /^fault check\.url: .*refuses/],
  ['404', answer(404, '', {}), /^fault check\.url: .*404/],
  ['a server error', answer(503, '', {}), /^fault check\.url: .*503/],
  ['a redirect to a login page', answer(302, '', { location: '/login' }), /^fault check\.url: .*\/login/],
  ['a page', answer(200, '<!doctype html>', {}), /^fault check\.url: .*not with JSON/],
  ['a list', answer(200, '[true]', {}), /^fault check\.url: .*not with JSON/],
  ['active as text', answer(200, '{"active":"false"}', {}), /^fault check\.url: .*not with JSON/],
  ['everybody signed in', answer(200, '{"active":true}', {}), /^warning check\.url: .*everybody/],
] as const)('check.url answers a stranger with %s: one finding', async (_, check, found) => {
  expect(await wrongs({ ...asking, check })).toEqual([expect.stringMatching(found)]);
});

test.each([
  ['that nobody is signed in', answer(200, '{"active":false}', {})],
  ['401', answer(401, '', {})],
  ['403', answer(403, '', {})],
] as const)('check.url may answer a stranger with %s', async (_, check) => {
  expect(await wrongs({ ...asking, check })).toEqual([]);
});
