// What an app showed when it was closed: it is kept in the app's own storage, and goes to the hub with the first hello,
// so that the hub can say what was missed. Whether something was, only the hub decides.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { appOrigin, changed, hubUrl, openPage, type Page, record, settled, signedIn, signedOut } from './page.js';

const key = `lockstep-shown ${hubUrl}`;
const kept = '3.w u-42';
const last = { session: '3.w', subject: 'u-42' };

let page: Page;
beforeEach(() => {
  page = openPage();
});
afterEach(() => page.close());

/** The `last` of the first hello of a page that finds this in its storage. */
function lastAfter(text: string): unknown {
  page.kept.set(key, text);
  page.connect();
  page.load();
  const [first] = page.hub.hellos;
  return (first?.hello as { readonly last?: unknown } | undefined)?.last;
}

describe('K3.4: an app that was closed', () => {
  test('keeps the session that it shows, until that has ended', async () => {
    page.connect();
    await page.welcome();
    expect(page.kept.get(key)).toBeUndefined();
    page.hub.send(changed(signedIn, { session: '3.w' }));
    await settled();
    expect(page.kept.get(key)).toBe(kept);
    page.hub.send(changed({ ...signedOut, status: 'unavailable', error: { code: 'hub-outdated', message: '' } }));
    await settled();
    expect(page.kept.get(key)).toBe(kept);
    page.hub.send(changed(signedOut));
    await settled();
    expect(page.kept.get(key)).toBeUndefined();
  });

  test('keeps nothing of a session that no other document knows', async () => {
    page.connect();
    await page.welcome({ session: '3.w', snapshot: { ...signedIn, scope: 'alone', medium: 'memory' } });
    expect(page.kept.get(key)).toBeUndefined();
  });

  test('is opened again, and gets what it missed before anything is kept anew', async () => {
    page.kept.set(key, kept);
    const session = page.connect();
    const events = record(session);
    const atEvent = vi.fn(() => page.kept.get(key));
    session.on('user-change', atEvent);
    await page.welcome({
      session: '9.v',
      snapshot: { ...signedIn, subject: 'u-43' },
      events: [{ type: 'user-change', from: 'u-42' }],
    });
    expect(page.hub.hellos[0]?.hello).toMatchObject({ last });
    expect(events).toEqual(['signed-in', { type: 'user-change', from: 'u-42', status: 'signed-in' }]);
    expect(atEvent).toHaveReturnedWith(kept);
    expect(page.kept.get(key)).toBe('9.v u-43');
  });

  test('a hub that is reloaded hears what this document showed, not what the storage has', async () => {
    page.kept.set(key, kept);
    page.connect();
    await page.welcome();
    page.kept.set(key, '5.x someone else');
    page.load();
    expect(page.hub.hellos.map(({ hello }) => (hello as { readonly last?: unknown }).last)).toEqual([last, {}]);
  });

  test.each(['3.w a b\nc', '3.w {"a":1}'])('any subject is kept: %j', (text) => {
    expect(lastAfter(text)).toEqual({ session: '3.w', subject: text.slice(4) });
  });

  test.each([
    ...['', 'null', '3.w', '3.w ', 'w.3 ada', '{"session":"3.w"}', ' 3.w ada'],
    ...['1.ABC ada', `1.${'a'.repeat(33)} ada`, `${'9'.repeat(16)}.w ada`, `3.w ${'ü'.repeat(129)}`],
  ])('what is no session is not sent: %j', (text) => {
    expect(lastAfter(text)).toBeUndefined();
  });

  test('a logout before the first welcome names no session: the app shows none', async () => {
    page.kept.set(key, kept);
    const session = page.connect();
    session.logout().catch(() => {});
    await page.welcome({ session: '9.v', snapshot: signedIn });
    expect(page.hub.received).toMatchObject([{ type: 'logout' }]);
    expect(page.hub.received[0]).not.toHaveProperty('session');
  });

  test('a page without storage works, and keeps nothing', async () => {
    const refuse = () => {
      throw new DOMException('', 'SecurityError');
    };
    vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse, removeItem: refuse });
    const session = page.connect();
    await page.welcome({ session: '3.w', snapshot: signedIn });
    expect(session.getSnapshot()).toMatchObject({ status: 'signed-in' });
    expect(page.location.origin).toBe(appOrigin);
  });
});
