// When a login flow began: which `lastEnd` a login sends (PROTOCOL.md §3), and what of it this tab remembers over a
// redirect.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../../../js-glue/client/index.js';
import { changed, hubUrl, openPage, outcome, type Page, settled, signedIn, signedOut } from './page.js';

const key = `lockstep-login ${hubUrl}`;
const token = (revision: number) => `${revision}.local-storage`;

let page: Page;
beforeEach(() => {
  page = openPage();
});
afterEach(() => page.close());

/** Somebody logs out, here or elsewhere. */
async function show(lastEnd: string | undefined): Promise<void> {
  page.hub.send(changed(signedOut, { lastEnd }));
  await settled();
}

/** What a login sends, or `none`. */
async function sentBy(session: Session): Promise<unknown> {
  session.login({ subject: 'u-42' }).catch(() => {});
  await settled();
  const sent = page.hub.received.findLast(({ type }) => type === 'login');
  return sent && (sent.lastEnd ?? 'none');
}

async function reply(error?: object): Promise<void> {
  const { id } = page.hub.received.findLast(({ type }) => type === 'login') ?? {};
  page.hub.send({ type: 'reply', id, error });
  await settled();
}

/** The tab goes elsewhere, and comes back to this origin. */
async function redirect(): Promise<Session> {
  const { stored } = page;
  await page.close();
  page = openPage(stored);
  return page.connect();
}

describe('without a word of the app', () => {
  test('a flow begins with the first token that the document is sent', async () => {
    const session = page.connect();
    await page.welcome({ lastEnd: token(5) });
    await show(token(7));
    expect(await sentBy(session)).toBe(token(5));
  });

  test('nobody has logged out yet: that is what a login says, also after the first logout', async () => {
    const session = page.connect();
    await page.welcome();
    await show(token(7));
    expect(await sentBy(session)).toBe('none');
    expect(page.hub.texts.at(-1)).toBe('{"type":"login","id":1,"subject":"u-42"}');
  });

  test.each(['pointerdown', 'keydown', 'click'])('it begins again with the last %s of the user', async (type) => {
    const session = page.connect();
    await page.welcome({ lastEnd: token(5) });
    await show(token(7));
    page.act(type);
    await show(token(9));
    expect(await sentBy(session)).toBe(token(7));
  });

  test.each(['pointerdown', 'keydown', 'click'])('a %s that a script dispatches is none of the user', async (type) => {
    const session = page.connect();
    await page.welcome({ lastEnd: token(5) });
    await show(token(7));
    page.act(type, false);
    expect(await sentBy(session)).toBe(token(5));
  });

  test('an action before the hub has answered is no more than the first token', async () => {
    const session = page.connect();
    page.act();
    await page.welcome({ lastEnd: token(5) });
    await show(token(7));
    expect(await sentBy(session)).toBe(token(5));
  });

  test('a hub that is reloaded begins nothing', async () => {
    const session = page.connect();
    await page.welcome({ lastEnd: token(5) });
    await page.welcome({ lastEnd: token(7) });
    expect(await sentBy(session)).toBe(token(5));
  });

  test('nothing is stored, whatever happens', async () => {
    const session = page.connect();
    await page.welcome({ lastEnd: token(5) });
    await show(token(7));
    page.act();
    await sentBy(session);
    await reply();
    expect(page.stored.size).toBe(0);
  });
});

describe('a login that waits for the hub', () => {
  test('sends the token that the hub brings', async () => {
    const session = page.connect();
    session.login({ subject: 'u-42' }).catch(() => {});
    await page.welcome({ lastEnd: token(5) });
    expect(page.hub.received).toMatchObject([{ type: 'login', lastEnd: token(5) }]);
  });

  test('sends the token of its flow, whatever the next hub brings', async () => {
    const session = page.connect();
    await page.welcome({ lastEnd: token(5) });
    session.beginLogin();
    page.load();
    session.login({ subject: 'u-42' }).catch(() => {});
    await page.welcome({ lastEnd: token(7) });
    expect(page.hub.received).toMatchObject([{ type: 'login', lastEnd: token(5) }]);
  });
});

describe('beginLogin', () => {
  test('begins the flow with what is shown', async () => {
    const session = page.connect();
    await page.welcome({ lastEnd: token(5) });
    await show(token(7));
    session.beginLogin();
    await show(token(9));
    expect(await sentBy(session)).toBe(token(7));
  });

  test('before the hub has answered it means the first token, also over the redirect that follows', async () => {
    const session = page.connect();
    session.beginLogin();
    expect(page.stored.size).toBe(0);
    await page.welcome({ lastEnd: token(5) });
    const next = await redirect();
    await page.welcome({ lastEnd: token(7) });
    expect(await sentBy(next)).toBe(token(5));
  });

  test.each<[string, string | undefined, unknown]>([
    ['a token', token(5), token(5)],
    ['that nobody had logged out', undefined, 'none'],
  ])('%s outlives a redirect, and counts against a logout meanwhile', async (_, lastEnd, sent) => {
    const session = page.connect();
    await page.welcome({ lastEnd });
    session.beginLogin();
    const next = await redirect();
    await page.welcome({ lastEnd: token(7) });
    expect(await sentBy(next)).toBe(sent);
  });

  test('without it a redirect begins anew', async () => {
    page.connect();
    await page.welcome({ lastEnd: token(5) });
    page.act();
    const next = await redirect();
    await page.welcome({ lastEnd: token(7) });
    expect(await sentBy(next)).toBe(token(7));
  });

  test('an action of the user elsewhere in the page does not move it', async () => {
    const session = page.connect();
    await page.welcome({ lastEnd: token(5) });
    session.beginLogin();
    await show(token(7));
    page.act();
    expect(page.stored.get(key)).toBe(token(5));
    expect(await sentBy(session)).toBe(token(5));
  });

  test('a flow that begins while a login is under way keeps its mark when that login ends', async () => {
    const session = page.connect();
    await page.welcome({ lastEnd: token(5) });
    const login = session.login({ subject: 'ada' });
    session.beginLogin();
    page.hub.send({ type: 'reply', id: 1 });
    await login;
    expect(page.stored.get(key)).toBe(token(5));
  });

  test('a mark that an abandoned flow left behind gives way to an action, and to the next flow', async () => {
    page.stored.set(key, token(5));
    const session = page.connect();
    await page.welcome({ lastEnd: token(7) });
    page.act('keydown');
    expect(page.stored.get(key)).toBe(token(7));
    await show(token(9));
    session.beginLogin();
    expect(page.stored.get(key)).toBe(token(9));
    expect(await sentBy(session)).toBe(token(9));
  });

  test('a mark that was left behind gives way to a flow that begins before the hub has answered', async () => {
    page.stored.set(key, token(5));
    const session = page.connect();
    session.beginLogin();
    expect(page.stored.size).toBe(0);
    await page.welcome({ lastEnd: token(7) });
    expect(await sentBy(session)).toBe(token(7));
  });

  test('an action in the page that ends a flow does not begin it again before the hub has answered', async () => {
    page.stored.set(key, token(5));
    const session = page.connect();
    page.act();
    await page.welcome({ lastEnd: token(7) });
    expect(await sentBy(session)).toBe(token(5));
  });

  test('keys that are pressed while nothing changes write nothing', async () => {
    const session = page.connect();
    await page.welcome({ lastEnd: token(5) });
    session.beginLogin();
    const write = vi.spyOn(sessionStorage, 'setItem');
    for (let key = 0; key < 100; key++) page.act('keydown');
    expect(write).not.toHaveBeenCalled();
  });
});

describe('when a login ends', () => {
  test.each<[string, object | undefined]>([
    ['done', undefined],
    ['session-ended', { code: 'session-ended', message: 'Somebody logged out.' }],
  ])('(%s) the mark is removed', async (end, error) => {
    page.stored.set(key, token(5));
    const session = page.connect();
    await page.welcome({ lastEnd: token(5) });
    const ended = outcome(session.login({ subject: 'u-42' }));
    await settled();
    expect(page.stored.get(key)).toBe(token(5));
    await reply(error);
    expect(await ended).toBe(end);
    expect(page.stored.size).toBe(0);
    const next = await redirect();
    await page.welcome({ lastEnd: token(9) });
    expect(await sentBy(next)).toBe(token(9));
  });

  test('a login that was refused is not right because it is sent again', async () => {
    page.stored.set(key, token(5));
    const session = page.connect();
    await page.welcome({ lastEnd: token(7) });
    expect(await sentBy(session)).toBe(token(5));
    await reply({ code: 'session-ended', message: 'Somebody logged out.' });
    expect(await sentBy(session)).toBe(token(5));
  });

  test.each<[string, (session: Session) => void]>([
    ['the app begins another', (session) => session.beginLogin()],
    ['the user acts', () => page.act()],
  ])('the next one gets in once %s', async (_, begin) => {
    page.stored.set(key, token(5));
    const session = page.connect();
    await page.welcome({ lastEnd: token(7) });
    await sentBy(session);
    await reply({ code: 'session-ended', message: 'Somebody logged out.' });
    begin(session);
    expect(await sentBy(session)).toBe(token(7));
  });

  test('the app that is refused may begin the next flow at once, and it is kept', async () => {
    const session = page.connect();
    await page.welcome({ lastEnd: token(5) });
    await show(token(7));
    const again = session.login({ subject: 'u-42' }).catch(() => session.beginLogin());
    await settled();
    await reply({ code: 'session-ended', message: 'Somebody logged out.' });
    await again;
    expect(page.stored.get(key)).toBe(token(7));
  });
});

test.each(['timeout', 'rate-limited'])(
  'a login that fails with %s may be sent again, so it ends nothing',
  async (code) => {
    const session = page.connect();
    await page.welcome({ lastEnd: token(5) });
    session.beginLogin();
    expect(await sentBy(session)).toBe(token(5));
    await reply({ code, message: 'Not now.' });
    expect(page.stored.get(key)).toBe(token(5));
    await show(token(7));
    page.act();
    expect(await sentBy(session)).toBe(token(5));
  },
);

describe('cancelLogin', () => {
  test('a flow that no login will end leaves no mark, and the next login begins now', async () => {
    page.stored.set(key, token(5));
    const session = page.connect();
    await page.welcome({ lastEnd: token(7) });
    session.cancelLogin();
    expect(page.stored.size).toBe(0);
    expect(await sentBy(session)).toBe(token(7));
    const next = await redirect();
    await page.welcome({ lastEnd: token(9) });
    expect(await sentBy(next)).toBe(token(9));
  });

  test('before the hub has answered, the next login begins with the first token', async () => {
    page.stored.set(key, token(5));
    const session = page.connect();
    session.cancelLogin();
    await page.welcome({ lastEnd: token(7) });
    await show(token(9));
    expect(await sentBy(session)).toBe(token(7));
  });

  test('acts of the user move what follows a cancelled flow of this document', async () => {
    const session = page.connect();
    await page.welcome({ lastEnd: token(5) });
    session.beginLogin();
    session.cancelLogin();
    await show(token(7));
    page.act();
    expect(page.stored.size).toBe(0);
    expect(await sentBy(session)).toBe(token(7));
  });

  test('a login under way that was begun before ends as it would, and not the flow that begins after', async () => {
    const session = page.connect();
    await page.welcome({ lastEnd: token(5) });
    session.beginLogin();
    const login = session.login({ subject: 'ada' });
    session.cancelLogin();
    session.beginLogin();
    page.hub.send({ type: 'reply', id: 1 });
    await login;
    expect(page.stored.get(key)).toBe(token(5));
  });
});

describe('where the storage is blocked', () => {
  const refuse = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };

  test.each<[string, () => void]>([
    ['sessionStorage itself throws', () => Object.defineProperty(globalThis, 'sessionStorage', { get: refuse })],
    ['each of its functions throws', () => vi.stubGlobal('sessionStorage', { getItem: refuse, setItem: refuse })],
  ])('(%s) a flow begins nevertheless, and does not outlive its document', async (_, block) => {
    block();
    const session = page.connect();
    await page.welcome({ lastEnd: token(5) });
    session.beginLogin();
    await show(token(7));
    expect(await sentBy(session)).toBe(token(5));
    await reply();
    page.act();
    expect(await sentBy(session)).toBe(token(7));
    expect(page.stored.size).toBe(0);
  });
});

describe('whose flow it is', () => {
  test('sessions of one document have one flow', async () => {
    const [first, second] = [page.connect(), page.connect()];
    await page.welcome({ lastEnd: token(5) });
    await show(token(7));
    first.beginLogin();
    await show(token(9));
    expect(await sentBy(second)).toBe(token(7));
    expect(page.listeners().filter((type) => type === 'keydown')).toHaveLength(3); // one of each session's idle timer
  });

  test('copies of the client in one document have one flow', async () => {
    const first = page.connect();
    vi.resetModules();
    const { connect } = await import('../../../js-glue/client/index.js');
    const second = connect({ hub: hubUrl });
    await page.welcome({ lastEnd: token(5) });
    await show(token(7));
    second.beginLogin();
    await show(token(9));
    expect(await sentBy(first)).toBe(token(7));
    second.close();
  });

  test('a document that has begun none leaves the mark of another in this tab alone', async () => {
    page.connect();
    await page.welcome({ lastEnd: token(5) });
    page.stored.set(key, token(5)); // by a page of this origin that frames this one
    await show(token(7));
    page.act();
    expect(page.stored.get(key)).toBe(token(5));
  });

  test('two hubs have a flow each', async () => {
    const session = page.connect();
    await page.welcome({ lastEnd: token(5) });
    const other = page.connect({ hub: 'https://hub.other.com/' });
    await page.welcome({ lastEnd: token(50) });
    session.beginLogin();
    other.beginLogin();
    expect([...page.stored]).toEqual([
      [key, token(5)],
      ['lockstep-login https://hub.other.com/', token(50)],
    ]);
  });

  test('a session that is closed begins none, and leaves no listener', async () => {
    const session = page.connect();
    await page.welcome({ lastEnd: token(5), snapshot: signedIn });
    session.close();
    await settled();
    session.beginLogin();
    expect([page.stored.size, page.listeners()]).toEqual([0, []]);
  });

  test('a flow that has begun outlives its session', async () => {
    const session = page.connect();
    await page.welcome({ lastEnd: token(5) });
    session.beginLogin();
    session.close();
    await settled();
    const later = page.connect();
    await page.welcome({ lastEnd: token(7) });
    expect(await sentBy(later)).toBe(token(5));
  });
});
