// To the login page: when an app goes there, with which address, and when never.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { followLogin, returnWhenSignedIn, type Snapshot } from '../../../js-glue/client/index.js';
import { changed, openPage, type Page, settled, signedIn, signedOut } from './page.js';

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

  test('waits while the hub has not answered or is unavailable, and goes once, whatever comes', async () => {
    followLogin(page.connect(), { loginUrl });
    await settled();
    page.violate({});
    await settled();
    expect(went()).toEqual([]);
    await page.welcome({ snapshot: unavailable });
    await show(signedIn);
    expect(went()).toEqual([]);
    await show({ ...signedOut, reason: 'logout' });
    await show(signedIn);
    await show(signedOut);
    expect(went()).toHaveLength(1);
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
    await show(signedIn);
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
