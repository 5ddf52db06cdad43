// A suggestion is the word that was probably meant, or the whole list: never something far away.

import { expect, test } from 'vitest';
import { didYouMean, editDistance } from '../../../js-glue/cli/suggest.js';

test.each([
  ['', '', 0],
  ['read', 'read', 0],
  ['red', 'read', 1],
  ['reads', 'read', 1],
  ['rexd', 'read', 1],
  ['kitten', 'sitting', 3],
  ['', 'read', 4],
])('from %j to %j in %i', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
  expect(editDistance(b, a)).toBe(distance);
});

test.each([
  ['logut', 'did you mean "logout"?'],
  ['LOGIN', 'did you mean "login"?'],
  ['write', 'allowed: read, login, logout'],
  ['', 'allowed: read, login, logout'],
  ['x'.repeat(1_000), 'allowed: read, login, logout'],
])('%s: %s', (word, expected) => {
  expect(didYouMean(word, ['read', 'login', 'logout'])).toBe(expected);
});
