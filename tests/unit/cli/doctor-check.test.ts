// The hub's own check: each single thing that is wrong with it gives exactly one finding.

import { expect, test } from 'vitest';
import { answer, deployed, wrongs } from './deployment.js';

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
