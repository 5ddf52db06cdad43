// Back from the login page: when, where to, and every trick to make the way back lead elsewhere.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { returnWhenSignedIn } from '../../../js-glue/client/index.js';
import { changed, openPage, type Page, settled, signedIn, signedOut } from './page.js';

const portal = 'https://portal.acme.com';
const loginUrl = 'https://login.acme.com/';
const fallback = 'https://www.acme.com/';

let page: Page;
beforeEach(() => {
  page = openPage();
});
afterEach(() => page.close());

function at(href: string): void {
  Object.assign(page.location, { href, origin: new URL(href).origin });
}

async function show(snapshot: object): Promise<void> {
  page.hub.send(changed(snapshot));
  await settled();
}

describe('returnWhenSignedIn', () => {
  /** What the hub is asked, and says. */
  const listed = ['https://portal.acme.com', 'http://localhost:3000'];
  const asked = () => page.hub.received.flatMap(({ type, origin }) => (type === 'allows' ? [origin] : []));
  async function answer(): Promise<void> {
    await settled();
    for (const { type, id, origin } of page.hub.received) {
      if (type !== 'allows') continue;
      const error = listed.includes(String(origin)) ? undefined : { code: 'forbidden', message: 'Not allowed.' };
      page.hub.send({ type: 'reply', id, error });
    }
    await settled();
  }
  const went = () => page.location.replace.mock.calls.map(([url]) => url);

  /** Opens the login page with this query, signs in, and returns where it went. */
  async function from(query: string): Promise<readonly string[]> {
    at(`${loginUrl}${query}`);
    returnWhenSignedIn(page.connect(), { fallback });
    await page.welcome();
    expect(went()).toEqual([]);
    await show(signedIn);
    await answer();
    return went();
  }
  const returning = (value: string) => from(`?return=${encodeURIComponent(value)}`);

  test.each([
    [`${portal}/orders?page=2&sort=a%26b#row-7`, `${portal}/orders?page=2&sort=a%26b#row-7`],
    [portal, `${portal}/`],
    ['HTTPS://PORTAL.ACME.COM/A', `${portal}/A`],
    [`${portal}:443/a`, `${portal}/a`],
    ['http://localhost:3000/', 'http://localhost:3000/'],
    [`${portal}/a/../b`, `${portal}/b`],
    [`${portal}/go?to=https://evil.com/`, `${portal}/go?to=https://evil.com/`],
    [`${portal}/@evil.com`, `${portal}/@evil.com`],
    ['https://ｐortal.acme.com/', `${portal}/`],
  ])('goes back to %j', async (value, href) => {
    expect(await returning(value)).toEqual([href]);
  });

  test.each([
    ['an origin that is not listed', 'https://evil.com/'],
    ['a longer host', 'https://portal.acme.com.evil.com/'],
    ['a host that ends alike', 'https://evilportal.acme.com/'],
    ['a sibling', 'https://www.portal.acme.com/'],
    ['the http twin', 'http://portal.acme.com/'],
    ['another port', 'https://portal.acme.com:8443/'],
    ['no port where one is listed', 'http://localhost/'],
    ['a dot at the end of the host', 'https://portal.acme.com./'],
    ['a Cyrillic letter', 'https://pоrtal.acme.com/'],
    ['its punycode', 'https://xn--prtal-jye.acme.com/'],
    ['a long address elsewhere', `https://evil.com/${'a'.repeat(8_000)}`],
  ])('asks the hub about %s, and goes to the fallback', async (_, value) => {
    expect(await returning(value)).toEqual([fallback]);
    expect(asked()).toHaveLength(1);
  });

  test.each([
    ['nothing', ''],
    ['no scheme', '//portal.acme.com/'],
    ['three slashes', '///portal.acme.com/'],
    ['a path', '/orders'],
    ['a slash and a backslash', '/\\portal.acme.com/'],
    ['two backslashes', '\\\\portal.acme.com/'],
    ['backslashes after the scheme', 'https:\\\\portal.acme.com/'],
    ['a slash and a backslash after the scheme', 'https:/\\portal.acme.com/'],
    ['a backslash behind the host', 'https://portal.acme.com\\@evil.com/'],
    ['a backslash in the place of the path', 'https://portal.acme.com\\evil.com'],
    ['a backslash in the path', 'https://portal.acme.com/\\evil.com'],
    ['no slashes', 'https:portal.acme.com/'],
    ['one slash', 'https:/portal.acme.com/'],
    ['three slashes after the scheme', 'https:///portal.acme.com/'],
    ['a script', 'javascript:alert(1)'],
    ['a script with a host', 'javascript://portal.acme.com/%0aalert(1)'],
    ['a script in capitals', 'JaVaScRiPt:alert(1)'],
    ['a script after white space', ' javascript:alert(1)'],
    ['a script with a tab inside', 'java\tscript:alert(1)'],
    ['data', 'data:text/html,<script>alert(1)</script>'],
    ['vbscript', 'vbscript:x'],
    ['a blob of a listed origin', 'blob:https://portal.acme.com/0b6e8c3e'],
    ['a file system of a listed origin', 'filesystem:https://portal.acme.com/x'],
    ['view-source', 'view-source:https://portal.acme.com/'],
    ['ftp', 'ftp://portal.acme.com/'],
    ['a web socket', 'wss://portal.acme.com/'],
    ['about', 'about:blank'],
    ['the page of a native shell', 'capacitor://localhost/'],
    ['the page of an extension', 'chrome-extension://abcdefgh/page.html'],
    ['a user name', 'https://ada@portal.acme.com/'],
    ['a user name and a password', 'https://ada:secret@portal.acme.com/'],
    ['an empty user name', 'https://@portal.acme.com/'],
    ['an empty password', 'https://:@portal.acme.com/'],
    ['a listed host as a user name', 'https://portal.acme.com@evil.com/'],
    ['a listed host as a user name, encoded', 'https://portal.acme.com%40evil.com/'],
    ['a tab in front', '\thttps://portal.acme.com/'],
    ['a tab in the scheme', 'ht\ttps://portal.acme.com/'],
    ['a tab in the host', 'https://portal.\tacme.com/'],
    ['a line feed in the slashes', 'https:/\n/portal.acme.com/'],
    ['a carriage return in the path', 'https://portal.acme.com/a\r\nb'],
    ['a NUL in front', '\0https://portal.acme.com/'],
    ['a NUL in the host', 'https://portal.acme.com\0.evil.com/'],
    ['a control character in the path', 'https://portal.acme.com/\x01'],
    ['a space in front', ' https://portal.acme.com/'],
    ['a space behind', 'https://portal.acme.com/ '],
    ['a no-break space', '\u00a0https://portal.acme.com/'],
    ['an encoded NUL in the host', 'https://portal.acme.com%00.evil.com/'],
    ['an encoded slash in the host', 'https://portal.acme.com%2f.evil.com/'],
    ['an address encoded twice', encodeURIComponent('https://portal.acme.com/')],
    ['an address without a host', 'https://'],
    ['a host of a query alone', 'https://?portal.acme.com'],
    ['a port that is none', 'https://portal.acme.com:99999/'],
    ['a list of addresses', 'https://portal.acme.com/,https://evil.com/ https://evil.com/'],
    ['the word null', 'null'],
    ['a very long address', `${portal}/${'a'.repeat(8_192)}`],
  ])('%s is no address: it goes to the fallback without a question', async (_, value) => {
    expect(await returning(value)).toEqual([fallback]);
    expect(asked()).toEqual([]);
  });

  test.each([
    ['no parameter', ''],
    ['a parameter without a value', '?return'],
    ['another parameter', `?back=${portal}/`],
    ['the parameter in capitals', `?RETURN=${portal}/`],
    ['two values', `?return=${portal}/&return=https://evil.com/`],
    ['the same value twice', `?return=${portal}/&return=${portal}/`],
    ['an array as PHP writes it', `?return[]=${portal}/`],
    ['the parameter in the fragment', `#?return=${portal}/`],
    ['bad escapes', '?return=%E0%A4%A'],
  ])('%s leads to the fallback', async (_, query) => {
    expect(await from(query)).toEqual([fallback]);
    expect(asked()).toEqual([]);
  });

  test('what a hub does not answer leads to the fallback', async () => {
    at(`${loginUrl}?return=${portal}/`);
    returnWhenSignedIn(page.connect(), { fallback });
    await page.welcome({ snapshot: signedIn });
    expect(asked()).toEqual([portal]);
    page.hub.send({ type: 'reply', id: 1, error: { code: 'rate-limited', message: 'Too many.' } });
    await settled();
    expect(went()).toEqual([fallback]);
  });

  test('goes once, however often the session changes', async () => {
    at(`${loginUrl}?return=${portal}/a`);
    returnWhenSignedIn(page.connect(), { fallback });
    await page.welcome({ snapshot: signedIn });
    await show({ ...signedIn, claims: {} });
    await answer();
    await show(signedOut);
    await show(signedIn);
    await answer();
    expect(went()).toEqual([`${portal}/a`]);
  });

  test('stays when the user is signed out again before the hub has answered', async () => {
    at(`${loginUrl}?return=${portal}/a`);
    returnWhenSignedIn(page.connect(), { fallback });
    await page.welcome({ snapshot: signedIn });
    await show(signedOut);
    await answer();
    expect(went()).toEqual([]);
  });

  test.each(['before', 'after'])('goes nowhere when it is stopped %s the sign-in', async (when) => {
    at(`${loginUrl}?return=${portal}/a`);
    const stop = returnWhenSignedIn(page.connect(), { fallback });
    if (when === 'before') stop();
    await page.welcome({ snapshot: signedIn });
    stop();
    await answer();
    expect(went()).toEqual([]);
  });

  test('a login flow begins with each action of the user, until it leaves or is stopped', async () => {
    at(`${loginUrl}?return=${portal}/a`);
    const beginLogin = vi.fn();
    const begun = (act: () => void) => {
      beginLogin.mockClear();
      act();
      return beginLogin.mock.calls.length;
    };
    const stop = returnWhenSignedIn({ ...page.connect(), beginLogin }, { fallback });
    const leaving = returnWhenSignedIn({ ...page.connect(), beginLogin: vi.fn() }, { fallback });
    await page.welcome();
    expect([
      begun(() => {}),
      begun(() => page.act('pointerdown')),
      begun(() => page.act('keydown')),
      begun(() => page.act('pointerdown', false)),
    ]).toEqual([0, 1, 1, 0]);
    stop();
    expect(begun(() => page.act())).toBe(0);
    leaving();
  });

  test('leaves no listener behind when it has left', async () => {
    at(loginUrl);
    const before = page.listeners().length;
    const session = page.connect();
    const ofSession = page.listeners().length;
    returnWhenSignedIn(session, { fallback });
    expect(page.listeners().length).toBeGreaterThan(ofSession);
    await page.welcome({ snapshot: signedIn });
    expect(went()).toEqual([fallback]);
    expect(page.listeners().filter((type) => type === 'keydown')).toHaveLength(2);
    session.close();
    await settled();
    expect(page.listeners()).toHaveLength(before);
  });

  describe('K3.7: the way to the provider and back', () => {
    /** The login page is opened with this query, and left again for the provider. */
    async function leftFrom(query: string): Promise<void> {
      at(`${loginUrl}${query}`);
      returnWhenSignedIn(page.connect(), { fallback });
      const { stored } = page;
      await page.close();
      page = openPage(stored);
    }

    test('the address is kept, and used once', async () => {
      await leftFrom(`?return=${portal}/a`);
      expect(await from('callback?code=1&state=2')).toEqual([`${portal}/a`]);
      expect([...page.stored.keys()]).toEqual([]);
    });

    test('an address that the login page is opened with anew takes its place', async () => {
      await leftFrom(`?return=${portal}/a`);
      await leftFrom(`?return=${portal}/b`);
      expect(await from('')).toEqual([`${portal}/b`]);
    });

    test('so does one that is no address: nothing old is used in its place', async () => {
      await leftFrom(`?return=${portal}/a`);
      expect(await from('?return=javascript:alert(1)')).toEqual([fallback]);
      expect([...page.stored.keys()]).toEqual([]);
    });

    test.each(['javascript:alert(1)', 'https://evil.com/', ''])('what is kept is trusted no more: %j', async (text) => {
      page.stored.set('lockstep-return', text);
      expect(await from('')).toEqual([fallback]);
    });
  });

  test('a flow that is under way when the page starts is not begun again', async () => {
    page.stored.set('lockstep-login https://hub.acme.com/', '5.local-storage');
    at(`${loginUrl}?return=${portal}/a&code=x`);
    const session = page.connect();
    returnWhenSignedIn(session, { fallback });
    await page.welcome({ lastEnd: '7.local-storage' });
    session.login({ subject: 'u-42' }).catch(() => {});
    await settled();
    expect(page.hub.received).toMatchObject([{ type: 'login', lastEnd: '5.local-storage' }]);
  });

  test('takes another parameter and another way to go', async () => {
    const navigate = vi.fn();
    at(`${loginUrl}?return=${portal}/a&back=${portal}/b`);
    returnWhenSignedIn(page.connect(), { fallback, returnParameter: 'back', navigate });
    await page.welcome({ snapshot: signedIn });
    await answer();
    expect([navigate.mock.calls, went()]).toEqual([[[`${portal}/b`]], []]);
  });

  test.each([
    ['/home?a=1', 'https://login.acme.com/home?a=1'],
    ['https://www.acme.com', 'https://www.acme.com/'],
    ['http://localhost:3000/x', 'http://localhost:3000/x'],
  ])('the fallback may be %j', async (value, href) => {
    at(loginUrl);
    returnWhenSignedIn(page.connect(), { fallback: value });
    await page.welcome({ snapshot: signedIn });
    expect(went()).toEqual([href]);
  });

  test.each([
    '',
    'home',
    '//evil.com/',
    '/\\evil.com/',
    '/\t/evil.com/',
    'javascript:alert(1)',
    'https://',
    'ftp://acme.com/',
    'https:evil.com',
  ])('the fallback %j is refused on the spot', (value) => {
    at(loginUrl);
    expect(() => returnWhenSignedIn(page.connect(), { fallback: value })).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
  });
});
