// Whether a hub is the first since the browser was started: what a session cookie proves. What browsers do with one is
// shown in tests/engines.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isBrowserStart } from '../../../bridge-html/browser-start.js';
import { cookieJar } from '../../../bridge-html/cookie-jar.js';
import { namesOf } from '../../../bridge-html/names.js';

afterEach(() => vi.unstubAllGlobals());

/** A jar that keeps what it is given, and reports each change to all hubs. */
function keepingJar(keeps = true) {
  const cookies = new Map<string, string>();
  const written: string[] = [];
  const store = new EventTarget();
  const report = (changed: readonly object[], deleted: readonly object[]) =>
    setTimeout(() => {
      // Hubs of another test would write into its jar.
      if (globalThis.cookieStore !== (store as unknown)) return;
      store.dispatchEvent(Object.assign(new Event('change'), { changed, deleted }));
    });
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('cookieStore', store);
  vi.stubGlobal('document', {
    get cookie() {
      return [...cookies].map((each) => each.join('=')).join('; ');
    },
    set cookie(text: string) {
      written.push(text);
      const [name = '', value = ''] = (text.split(';')[0] ?? '').split('=');
      if (keeps) cookies.set(name, value);
      report([{ name, value }], []);
    },
  });
  return {
    written,
    /** To make room, or because the browser is closed. */
    drop: (name = '__Host-lockstep-run') => cookies.delete(name) && report([], [{ name }]),
  };
}
const starts = (hub = 'https://hub.acme.com/', endsSession = false) =>
  isBrowserStart(namesOf(hub), cookieJar('Strict'), endsSession);

test('the first hub says so, and none after it', async () => {
  const { written } = keepingJar();
  expect([await starts(), await starts(), await starts()]).toEqual([true, false, false]);
  expect(written).toContain('__Host-lockstep-run=1; Path=/; Secure; SameSite=Strict');
});

test('each hub of a host has its own', async () => {
  keepingJar();
  const hubs = ['https://hub.acme.com/', 'https://hub.acme.com/staging/', 'https://hub.acme.com:8443/'];
  expect(await Promise.all(hubs.map((hub) => starts(hub)))).toEqual([true, true, true]);
});

test('where no cookie is kept no hub says so: it would ask at each start', async () => {
  keepingJar(false);
  expect([await starts(), await starts(undefined, true)]).toEqual([false, false]);
});

test('nor where to ask for cookies throws', async () => {
  keepingJar();
  const refuse = () => {
    throw new DOMException('', 'SecurityError');
  };
  vi.stubGlobal('document', Object.defineProperty({}, 'cookie', { get: refuse, set: refuse }));
  expect([await starts(), await starts(undefined, true)]).toEqual([false, false]);
});

describe('where the session ends with the browser', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    return () => vi.useRealTimers();
  });
  const startsAfter = async (ms: number) => {
    const start = starts(undefined, true);
    await vi.advanceTimersByTimeAsync(ms);
    return start;
  };

  test('the first hub waits whether another answers, and none after it', async () => {
    keepingJar();
    const first = starts(undefined, true);
    const isSettled = vi.fn();
    void first.then(isSettled);
    await vi.advanceTimersByTimeAsync(400);
    expect(isSettled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(100);
    expect(await first).toBe(true);
    expect(await startsAfter(0)).toBe(false);
  });

  test('of two that start at once one is the first', async () => {
    keepingJar();
    const both = [starts(undefined, true), starts(undefined, true)];
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await Promise.all(both)).toEqual([true, false]);
  });

  test('one that asked and was closed before it knew leaves that to the next', async () => {
    const { written } = keepingJar();
    // biome-ignore lint/suspicious/noDocumentCookie: the jar of this test
    document.cookie = '__Host-lockstep-run=0; Path=/';
    expect(await startsAfter(500)).toBe(true);
    expect(written.at(-1)).toContain('__Host-lockstep-run=1;');
  });

  test('a cookie that a jar drops is written again by a hub that runs', async () => {
    const { drop } = keepingJar();
    expect(await startsAfter(500)).toBe(true);
    drop();
    await vi.advanceTimersByTimeAsync(10);
    expect(await startsAfter(0)).toBe(false);
  });

  test('a hub that finds none is answered by one that runs, also where the answer is dropped at once', async () => {
    const { drop } = keepingJar();
    expect(await startsAfter(500)).toBe(true);
    drop();
    const next = starts(undefined, true);
    const flood = setInterval(drop, 1);
    await vi.advanceTimersByTimeAsync(500);
    clearInterval(flood);
    expect(await next).toBe(false);
  });

  test('after all hubs are gone the next one is the first', async () => {
    keepingJar();
    expect(await startsAfter(500)).toBe(true);
    // Another browser: nobody is left who would answer.
    keepingJar();
    expect(await startsAfter(500)).toBe(true);
  });
});
