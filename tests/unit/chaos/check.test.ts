// The checker of chaos finds what it is for: each story breaks one promise, and its neighbour, which differs in one
// note, breaks none.

import { expect, test } from 'vitest';
import { brokenPromises, type Circumstances } from '../../chaos/check.js';
import type { Note } from '../../chaos/notes.js';

const quiet: Circumstances = { disturbedAt: [], expected: new Set() };

/** `at` in seconds; the tab is the document, too. */
function note(at: number, tab: string, type: Note['type'], members: object = {}): Note {
  return { tab, document: tab, number: at, at: at * 1_000, type, ...members } as Note;
}

const shows = (at: number, tab: string, login?: number) =>
  note(at, tab, 'snapshot', { status: login ? 'signed-in' : 'signed-out', scope: 'shared', login });
const logsIn = (
  begun: number,
  called: number,
  tab: string,
  login: number,
  how: string,
  outcome = 'done',
  subject = 'ada',
) => [
  note(begun, tab, 'login-begins', { login, how, given: { subject } }),
  note(called, tab, 'login-called', { login, how }),
  note(called + 0.1, tab, 'login-ended', { login, how, outcome }),
];
const logsOut = (at: number, tab: string, login: number) => [
  note(at, tab, 'logout-called', { login }),
  note(at + 0.1, tab, 'logout-ended', { login, outcome: 'done', calledAt: at * 1_000 }),
];

const inAndOut = [...logsIn(10, 10, 'a', 1, 'form'), shows(11, 'a', 1), ...logsOut(20, 'a', 1), shows(20, 'a')];

test('a session that is shown again after its logout has resolved', () => {
  expect(brokenPromises([...inAndOut, shows(30, 'b', 1)], quiet)).toEqual([
    'tab b shows login 1 again, 9900 ms after its logout had resolved',
  ]);
  expect(brokenPromises([...inAndOut, shows(19, 'b', 1)], quiet)).toEqual([]);
});

test('a session that the one that was logged out had replaced', () => {
  const earlier = [...logsIn(5, 5, 'b', 2, 'form'), shows(6, 'b', 2), shows(12, 'b', 1)];
  expect(brokenPromises([...earlier, ...inAndOut, shows(30, 'b', 2)], quiet)).toHaveLength(1);
  expect(brokenPromises([...earlier, ...inAndOut, shows(30, 'b')], quiet)).toEqual([]);
});

test('a silent sign-in that began before a logout and gets in after it', () => {
  expect(brokenPromises([...inAndOut, ...logsIn(15, 25, 'b', 3, 'silent')], quiet)).toEqual([
    'tab b: login 3 began before the logout of 1 and got in after it',
  ]);
  expect(brokenPromises([...inAndOut, ...logsIn(21, 25, 'b', 3, 'silent')], quiet)).toEqual([]);
  const joined = [...logsIn(22, 22, 'a', 4, 'form'), ...logsIn(15, 25, 'b', 3, 'silent')];
  expect(brokenPromises([...inAndOut, ...joined], quiet)).toEqual([]);
  const acted = [...logsIn(15, 25, 'b', 3, 'silent'), note(21, 'b', 'click')];
  expect(brokenPromises([...inAndOut, ...acted], quiet)).toEqual([]);
  // The tab that logs out still shows Ada, when Grace has taken her place.
  const replaced = [...logsIn(19, 19, 'c', 5, 'form', 'done', 'grace'), ...logsIn(15, 25, 'b', 3, 'silent')];
  expect(brokenPromises([...inAndOut, ...replaced], quiet)).toEqual([]);
  const later = [...logsIn(21, 21, 'c', 5, 'form', 'done', 'grace'), ...logsIn(15, 25, 'b', 3, 'silent')];
  expect(brokenPromises([...inAndOut, ...later], quiet)).toHaveLength(1);
});

test('a login that is refused though nobody has logged out since it began', () => {
  const refused = logsIn(60, 60, 'b', 3, 'form', 'session-ended');
  expect(brokenPromises([...inAndOut, ...refused], quiet)).toEqual([
    'tab b: login 3 (form) was refused, though nobody logged out',
  ]);
  expect(brokenPromises([...inAndOut, ...refused], { ...quiet, disturbedAt: [55_000] })).toEqual([]);
  expect(brokenPromises([...inAndOut, ...refused, ...logsOut(59, 'a', 1)], quiet)).toEqual([]);
});

test('an error that no fault explains', () => {
  const error = note(10, 'a', 'error', { code: 'timeout', message: 'no answer' });
  expect(brokenPromises([error], quiet)).toEqual([
    'tab a: error timeout (no answer), which no fault of this round explains',
  ]);
  expect(brokenPromises([error], { ...quiet, expected: new Set(['timeout']) })).toEqual([]);
});
