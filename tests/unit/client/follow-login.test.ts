// To the login page: when an app goes there, with which address, and when never.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { followLogin, returnWhenSignedIn, type Session, type Snapshot } from '../../../js-glue/client/index.js';
import { changed, openPage, type Page, record, settled, signedIn, signedOut } from './page.js';

const portal = 'https://portal.acme.com';
const loginUrl = 'https://login.acme.com/';
const unavailable = { ...signedOut, status: 'unavailable', error: { code: 'hub-outdated', message: 'Reload.' } };

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

describe('followLogin', () => {
  const went = () => page.location.assign.mock.calls.map(([url]) => url);

  test('goes to the login page with the address of this page', async () => {
    at(`${portal}/orders?page=2&sort=a%26b#row-7`);
    followLogin(page.connect(), { loginUrl: 'https://login.acme.com/?theme=dark' });
    await page.welcome();
    const [url = ''] = went();
    expect(url).toMatch(/^https:\/\/login\.acme\.com\/\?theme=dark&return=/);
    expect(new URL(url).searchParams.get('return')).toBe(`${portal}/orders?page=2&sort=a%26b#row-7`);
  });

  test('waits while the hub is silent or unavailable, and goes once each time the user is signed out', async () => {
    followLogin(page.connect(), { loginUrl });
    await settled();
    page.violate({});
    await settled();
    expect(went()).toEqual([]);
    await page.welcome({ snapshot: unavailable });
    await show(signedIn);
    expect(went()).toEqual([]);
    await show({ ...signedOut, reason: 'logout' });
    await show({ ...signedOut, reason: 'logout', scope: 'partitioned' });
    expect(went()).toHaveLength(1);
    await show(signedIn);
    await show(signedOut);
    expect(went()).toHaveLength(2);
  });

  test('goes at once when the user is known to be signed out', async () => {
    const session = page.connect();
    await page.welcome();
    followLogin(session, { loginUrl });
    expect(went()).toEqual([`${loginUrl}?return=${encodeURIComponent(`${portal}/`)}`]);
  });

  test('begins a login flow before it leaves, and none where it stays', async () => {
    const order: string[] = [];
    const session = page.connect();
    const noting = { ...session, beginLogin: () => order.push('begin') };
    followLogin(noting, { loginUrl, navigate: () => order.push('leave') });
    await page.welcome({ snapshot: signedIn });
    expect(order).toEqual([]);
    await show(signedOut);
    expect(order).toEqual(['begin', 'leave']);
  });

  test('on the login page itself no flow begins', async () => {
    at(loginUrl);
    const beginLogin = vi.fn();
    followLogin({ ...page.connect(), beginLogin }, { loginUrl });
    await page.welcome();
    expect(beginLogin).not.toHaveBeenCalled();
  });

  test('goes nowhere once it is stopped', async () => {
    const stop = followLogin(page.connect(), { loginUrl });
    stop();
    stop();
    await page.welcome();
    expect(went()).toEqual([]);
  });

  test('takes a path, another parameter, and another way to go', async () => {
    const navigate = vi.fn();
    at(`${portal}/a`);
    followLogin(page.connect(), { loginUrl: '/login?back=x', returnParameter: 'back', navigate });
    await page.welcome();
    expect([navigate.mock.calls, went()]).toEqual([
      [[`${portal}/login?back=${encodeURIComponent(`${portal}/a`)}`]],
      [],
    ]);
  });

  test.each([
    [`${loginUrl}?return=x`, loginUrl],
    [`${loginUrl}?theme=dark&return=x`, `${loginUrl}?theme=dark`],
    [`${portal}/login`, '/login'],
    [`${portal}/?return=x#/login`, '/#/login'],
  ])('on the login page itself (%s) it does nothing', async (href, login) => {
    at(href);
    followLogin(page.connect(), { loginUrl: login });
    await page.welcome();
    expect(went()).toEqual([]);
  });

  test.each([
    [`${portal}/#/orders`, '/#/login'],
    [`${portal}/?page=orders`, '/?page=login'],
    [`${portal}/login`, `${loginUrl}login`],
  ])('%s is not the login page %s', async (href, login) => {
    at(href);
    followLogin(page.connect(), { loginUrl: login });
    await page.welcome();
    expect(went()).toHaveLength(1);
  });

  describe('K3.2: where a login is being finished', () => {
    test.each([
      ['?code=secret&state=s', 'the answer to a code flow'],
      ['?error=access_denied&state=s', 'a refusal'],
      ['#state=s&id_token=secret', 'an answer in the fragment'],
      ['#access_token=secret&state=s', 'an answer of the implicit flow'],
      ['#/callback?code=secret&state=s', 'an answer in the route of a hash router'],
      ['?response=eyJh.eyJi.c2ln', 'an answer that is a token'],
    ])('with %s (%s) it does nothing, until somebody has signed in', async (answer) => {
      at(`${portal}/callback${answer}`);
      followLogin(page.connect(), { loginUrl });
      await page.welcome();
      // The app has taken the code, and is not done yet.
      at(`${portal}/orders`);
      await show({ ...signedOut, scope: 'partitioned' });
      expect(went()).toEqual([]);
      await show(signedIn);
      await show(signedOut);
      expect(went()).toEqual([`${loginUrl}?return=${encodeURIComponent(`${portal}/orders`)}`]);
    });

    test('also where the app has taken the answer out of the address before', async () => {
      page.opened.name = `${portal}/callback?code=secret&state=s`;
      followLogin(page.connect(), { loginUrl });
      await page.welcome();
      expect(went()).toEqual([]);
    });

    test('an answer that stays in the address leads nowhere', async () => {
      at(`${portal}/callback?code=secret&state=s`);
      followLogin(page.connect(), { loginUrl });
      await page.welcome({ snapshot: signedIn });
      await show(signedOut);
      expect(went()).toEqual([loginUrl]);
    });

    test.each(['?code=7', '?state=open', '?error=none', '#/orders?state=open', '?response=yes'])(
      '%s is no answer',
      async (query) => {
        at(`${portal}/${query}`);
        followLogin(page.connect(), { loginUrl });
        await page.welcome();
        expect(went()).toHaveLength(1);
      },
    );

    test('an app whose own server takes the answer says when that has been asked', async () => {
      let fail = (_: Error) => {};
      const ready = new Promise((_, reject) => {
        fail = reject;
      });
      followLogin(page.connect(), { loginUrl, ready });
      await page.welcome();
      expect(went()).toEqual([]);
      fail(new Error('the server is away'));
      await settled();
      expect(went()).toHaveLength(1);
    });

    test('an app may say itself where its provider leads back to', async () => {
      at(`${portal}/sso?ticket=secret`);
      followLogin(page.connect(), { loginUrl, isCallback: ({ pathname }) => pathname === '/sso' });
      await page.welcome();
      expect(went()).toEqual([]);
    });
  });

  describe('a login page that leads back without a login', () => {
    /** The app's page is opened, as a login page leads back to it. */
    async function openedAgain(type = 'navigate'): Promise<Session> {
      const { stored } = page;
      await page.close();
      page = openPage(stored);
      page.opened.type = type;
      const session = page.connect();
      followLogin(session, { loginUrl });
      return session;
    }
    async function turn(type = 'navigate'): Promise<readonly unknown[]> {
      const events = record(await openedAgain(type));
      await page.welcome();
      return events;
    }

    test('is gone to twice; then the app gets an error, and stays', async () => {
      for (const _ of 'ab') {
        await turn();
        expect(went()).toHaveLength(1);
      }
      expect(await turn()).toEqual([{ type: 'error', code: 'login-loop' }, 'signed-out']);
      expect(went()).toEqual([]);
      // Somebody signs in elsewhere, and uses this page.
      await show(signedIn);
      page.act();
      await show(signedOut);
      expect(went()).toHaveLength(1);
    });

    test.each(['reload', 'back_forward'])('a %s is the word of the user, and counts for none', async (type) => {
      for (const _ of 'abcd') {
        await turn(type);
        expect(went()).toHaveLength(1);
      }
    });

    test('a login in between ends nothing where no user has acted: a check may revoke it again and again', async () => {
      for (const _ of 'ab') {
        await openedAgain();
        await page.welcome({ snapshot: signedIn });
        await show({ ...signedOut, reason: 'revoked' });
        expect(went()).toHaveLength(1);
      }
      await openedAgain();
      await page.welcome({ snapshot: signedIn });
      await show({ ...signedOut, reason: 'revoked' });
      expect(went()).toEqual([]);
    });

    test('an act of the user ends the count', async () => {
      for (const _ of 'abcd') {
        await openedAgain();
        await page.welcome({ snapshot: signedIn });
        page.act();
        await show(signedOut);
        expect(went()).toHaveLength(1);
      }
    });

    test.each([
      [0, 29_999, 30_000, 1],
      [0, 29_998, 29_999, 0],
      [0, 1, -600_000, 1],
    ])('after departures at %i and %i ms, at %i ms it goes %i times', async (...[first, second, third, times]) => {
      for (const ms of [first, second, third]) {
        await openedAgain();
        vi.spyOn(Date, 'now').mockReturnValue(1764000000000 + ms);
        await page.welcome();
      }
      expect(went()).toHaveLength(times);
    });
  });

  describe('K3.3: a page that was left and comes out of the back/forward cache', () => {
    const style = () => page.document.documentElement.style;
    const pageEvent = (type: string, persisted: boolean) =>
      page.window.dispatchEvent(Object.assign(new Event(type), { persisted }));
    async function answerAllows(): Promise<void> {
      await settled();
      const asked = page.hub.received.findLast(({ type }) => type === 'allows');
      page.hub.send({ type: 'reply', id: asked?.id });
      await settled();
    }
    async function leftAndBack(): Promise<void> {
      followLogin(page.connect(), { loginUrl });
      await page.welcome();
      pageEvent('pagehide', true);
      expect(style().display).toBe('none');
      pageEvent('pageshow', true);
    }

    test('goes again when the hub has looked, and shows nothing until then', async () => {
      await leftAndBack();
      await settled();
      expect([went(), style().display]).toEqual([[expect.any(String)], 'none']);
      await answerAllows();
      expect([went(), style().display]).toEqual([[expect.any(String), expect.any(String)], 'none']);
    });

    test('is shown where somebody has signed in meanwhile', async () => {
      await leftAndBack();
      await show(signedIn);
      await answerAllows();
      expect([went(), style().display]).toEqual([[expect.any(String)], '']);
    });

    test('is shown where the hub cannot be asked any more', async () => {
      await leftAndBack();
      await show(unavailable);
      expect(style().display).toBe('');
    });

    test.each(['none', 'block'])("the app's own style (%s) is put back, and else left alone", async (display) => {
      style().display = display;
      await leftAndBack();
      await show(signedIn);
      await answerAllows();
      expect(style().display).toBe(display);
      await show({ ...signedIn, claims: {} });
      expect(style().display).toBe(display);
    });

    test('is shown where a router of the app leads to its login page, which is no other document', async () => {
      followLogin(page.connect(), { loginUrl: '/login', navigate: () => at(`${portal}/login`) });
      await page.welcome();
      pageEvent('pagehide', true);
      pageEvent('pageshow', true);
      await answerAllows();
      expect(style().display).toBe('');
    });

    test('a page that was not left stays as it is', async () => {
      followLogin(page.connect(), { loginUrl });
      await page.welcome({ snapshot: signedIn });
      pageEvent('pagehide', true);
      pageEvent('pageshow', true);
      await answerAllows();
      expect([went(), style().display]).toEqual([[], '']);
    });
  });

  test.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://login.acme.com/',
    'https://',
    'blob:https://login.acme.com/x',
  ])('refuses the login page %j on the spot', (login) => {
    expect(() => followLogin(page.connect(), { loginUrl: login })).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }),
    );
  });
});

test('on a server neither goes anywhere', () => {
  vi.unstubAllGlobals();
  const snapshots: Snapshot[] = [signedIn, signedOut];
  const navigate = vi.fn();
  for (const snapshot of snapshots) {
    const session = {
      getSnapshot: () => snapshot,
      subscribe: () => () => {},
      allows: async () => true,
      beginLogin: navigate,
    };
    followLogin(session, { loginUrl: '/login', navigate })();
    returnWhenSignedIn(session, { fallback: '/', navigate })();
  }
  expect(navigate).not.toHaveBeenCalled();
});
