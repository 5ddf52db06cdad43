// Whether a hub is the first since the browser was started: what a session cookie proves. What browsers do with one is
// shown in tests/engines.

import { afterEach, expect, test, vi } from 'vitest';
import { isBrowserStart } from '../../../bridge-html/browser-start.js';
import { cookieJar } from '../../../bridge-html/cookie-jar.js';
import { namesOf } from '../../../bridge-html/names.js';

afterEach(() => vi.unstubAllGlobals());

/** A jar that keeps what it is given, with the attributes. */
function keepingJar(keeps = true) {
  const written: string[] = [];
  vi.stubGlobal('document', {
    get cookie() {
      return written.map((each) => each.split(';')[0]).join('; ');
    },
    set cookie(text: string) {
      if (keeps) written.push(text);
    },
  });
  return written;
}
const starts = (hub = 'https://hub.acme.com/') => isBrowserStart(namesOf(hub), cookieJar('Strict'));

test('the first hub says so, and none after it', () => {
  const written = keepingJar();
  expect([starts(), starts(), starts()]).toEqual([true, false, false]);
  expect(written).toEqual(['__Host-lockstep-run=1; Path=/; Secure; SameSite=Strict']);
});

test('each hub of a host has its own', () => {
  keepingJar();
  expect([starts(), starts('https://hub.acme.com/staging/'), starts('https://hub.acme.com:8443/')]).toEqual([
    ...[true, true, true],
  ]);
});

test('where no cookie is kept no hub says so: it would ask at each start', () => {
  keepingJar(false);
  expect(starts()).toBe(false);
});

test('nor where to ask for cookies throws', () => {
  const refuse = () => {
    throw new DOMException('', 'SecurityError');
  };
  vi.stubGlobal('document', Object.defineProperty({}, 'cookie', { get: refuse, set: refuse }));
  expect(starts()).toBe(false);
});
