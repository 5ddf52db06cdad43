// What an adapter does to its library, and undoes. A pop-up's answer is put in by hand; redirects, tokens and logouts
// are shown with a provider, in tests/e2e/adapters.spec.ts.

import Keycloak from 'keycloak-js';
import { User, UserManager } from 'oidc-client-ts';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { keycloakJs } from '../../../js-glue/adapters/keycloak-js.js';
import { oidcClientTs } from '../../../js-glue/adapters/oidc-client-ts.js';
import { wrap } from '../../../js-glue/adapters/wrap.js';
import type { Session } from '../../../js-glue/client/index.js';

const settings = { authority: 'https://login.acme.com', client_id: 'portal', redirect_uri: 'https://portal.acme.com/' };
const calls: string[] = [];
const note = (name: string) => async () => void calls.push(name);
const session = {
  getSnapshot: () => ({ status: 'connecting' }),
  subscribe: () => () => {},
  beginLogin: note('beginLogin'),
  login: vi.fn(note('login')),
  logout: note('session.logout'),
} as unknown as Session;

let page: EventTarget;
beforeEach(() => {
  calls.length = 0;
  vi.clearAllMocks();
  vi.stubGlobal('document', new EventTarget());
  vi.stubGlobal('location', { href: 'https://portal.acme.com/' });
  page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
  return () => vi.unstubAllGlobals();
});

const names = ['signinRedirect', 'signinPopup', 'signinRedirectCallback', 'signoutRedirect'] as const;

test('oidc-client-ts: automatic renewal stops, and begins again with the methods as they were', () => {
  const manager = new UserManager({ ...settings, automaticSilentRenew: true });
  const stop = vi.spyOn(manager, 'stopSilentRenew');
  const start = vi.spyOn(manager, 'startSilentRenew');
  const before = names.map((name) => manager[name]);
  const detach = oidcClientTs(manager).attach(session);
  expect(stop).toHaveBeenCalledOnce();
  expect(names.filter((name, index) => manager[name] === before[index])).toEqual([]);
  detach();
  expect(start).toHaveBeenCalledOnce();
  expect(names.map((name) => manager[name])).toEqual(before);
});

test('oidc-client-ts: a pop-up begins a login and ends it; `login` adds what the app knows', async () => {
  const manager = new UserManager({ ...settings, automaticSilentRenew: false });
  const profile = { sub: 'u-42', sid: 's-1', name: 'Ada', iss: '', aud: '', exp: 0, iat: 0 };
  const user = new User({ access_token: 'a', token_type: 'Bearer', profile });
  manager.signinPopup = async () => {
    calls.push('signinPopup');
    return user;
  };
  const login = ({ profile: { name } }: User) => ({ expiresIn: 600, claims: { name } });
  oidcClientTs(manager, { login }).attach(session);
  expect(await manager.signinPopup()).toBe(user);
  expect(calls).toEqual(['beginLogin', 'signinPopup', 'login']);
  const claims = { name: 'Ada' };
  expect(session.login).toHaveBeenCalledWith({ subject: 'u-42', sessionId: 's-1', expiresIn: 600, claims });
});

test("oidc-client-ts: the library's logout is everybody's first, and goes to the provider once", async () => {
  const manager = new UserManager({ ...settings, automaticSilentRenew: false });
  manager.signoutRedirect = (args) => {
    calls.push(`signoutRedirect ${args?.state}`);
    // As the library: until the page is shown again.
    return new Promise((resolve) => addEventListener('pageshow', () => resolve()));
  };
  const adapter = oidcClientTs(manager);
  adapter.attach(session);
  const { signal } = new AbortController();
  const both = [manager.signoutRedirect({ state: 'mine' }), adapter.endSession?.({ reason: 'logout', signal })];
  await vi.waitFor(() => expect(calls).toEqual(['session.logout', 'signoutRedirect mine']));
  page.dispatchEvent(new Event('pageshow'));
  await Promise.all(both);
  await adapter.endSession?.({ reason: 'revoked', signal });
  expect(calls).toHaveLength(2);
});

test('a logout that does not leave the page ends after ten seconds, and the next one goes again', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const manager = new UserManager({ ...settings, automaticSilentRenew: false });
  manager.signoutRedirect = () => {
    calls.push('signoutRedirect');
    return new Promise(() => {});
  };
  oidcClientTs(manager).attach(session);
  for (const count of [1, 2]) {
    const ended = vi.fn();
    manager.signoutRedirect().then(ended);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toHaveBeenCalledOnce();
    expect(calls.filter((name) => name === 'signoutRedirect')).toHaveLength(count);
  }
});

test.each([
  ['the order', ['first', 'second']],
  ['the reverse order', ['second', 'first']],
] as const)('two that wrap one library, and are detached in %s, do nothing more', (_, order) => {
  const library = { signIn: () => void calls.push('library') };
  const through = (name: string) =>
    wrap(library, {
      signIn: (original) => () => {
        calls.push(name);
        original();
      },
    });
  const restore = { first: through('first'), second: through('second') };
  const called = () => {
    calls.length = 0;
    library.signIn();
    return [...calls];
  };
  expect(called()).toEqual(['second', 'first', 'library']);
  restore[order[0]]();
  expect(called()).toEqual([order[1], 'library']);
  restore[order[1]]();
  expect(called()).toEqual(['library']);
});

test('oidc-client-ts: monitorSession is refused', () => {
  const manager = { settings: { monitorSession: true } } as UserManager;
  expect(() => oidcClientTs(manager)).toThrow('monitorSession must be off');
});

test('keycloak-js: a login without the user begins nothing; detached, all is as it was', async () => {
  const keycloak = new Keycloak({ url: 'https://login.acme.com', realm: 'acme', clientId: 'portal' });
  keycloak.login = async (options) => void calls.push(`login ${options?.prompt}`);
  const before = { ...keycloak };
  const detach = keycloakJs(keycloak).attach(session);
  await keycloak.login({ prompt: 'none' });
  await keycloak.login();
  expect(calls).toEqual(['login none', 'beginLogin', 'login undefined']);
  expect(keycloak.onTokenExpired).toBeDefined();
  detach();
  expect({ ...keycloak }).toEqual(before);
});
