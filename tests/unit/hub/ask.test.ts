// The hub's check at the provider, as far as the page does it: what counts as an answer, whose, and that no frame is
// left. The browser is a stand-in; tests/engines/provider-check.spec.ts has three real ones.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const issuer = 'https://login.acme.com';
const check = { issuer, clientId: 'lockstep-hub', authorizationEndpoint: `${issuer}/authorize` };
const configOf = (more: object = {}) => ({ hub: 'https://hub.acme.com/', site: 'https://acme.com', check, ...more });
const active = '{"active":true}';
const inactive = '{"active":false}';

type Frame = {
  hidden: boolean;
  src: string;
  sandbox: string;
  readonly contentWindow: object;
  readonly remove: () => void;
};

const page = {
  window: new EventTarget(),
  document: new EventTarget(),
  /** Those in the page. */
  frames: [] as Frame[],
  configText: '',
  cookies: '',
  /** Takes a cookie, or does not. */
  keeps: (_cookie: string): boolean => true,
};

function createFrame(): Frame {
  const frame = {
    hidden: false,
    src: '',
    sandbox: '',
    contentWindow: {},
    setAttribute: (_: string, value: string) => {
      frame.sandbox = value;
    },
    remove: () => {
      page.frames = page.frames.filter((each) => each !== frame);
    },
  };
  return frame;
}

beforeEach(() => {
  Object.assign(page, { window: new EventTarget(), document: new EventTarget(), frames: [], cookies: '' });
  page.keeps = () => true;
  page.configText = JSON.stringify(configOf());
  Object.assign(page.document, {
    getElementById: () => ({
      get textContent() {
        return page.configText;
      },
      set textContent(text) {
        page.configText = text;
      },
    }),
    createElement: createFrame,
    documentElement: { append: (frame: Frame) => page.frames.push(frame) },
  });
  Object.defineProperty(page.document, 'cookie', {
    get: () => page.cookies,
    set: (text: string) => {
      page.cookies = text.includes('Max-Age=0') || !page.keeps(text) ? '' : (text.split(';')[0] ?? '');
    },
  });
  vi.stubGlobal('document', page.document);
  vi.stubGlobal('window', page.window);
  vi.stubGlobal('location', new URL('https://hub.acme.com/'));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

type Asking = { readonly outcome: Promise<string | null>; readonly frame: Frame; readonly query: URLSearchParams };

async function asking(endpoint = check.authorizationEndpoint, signal = new AbortController().signal): Promise<Asking> {
  const { ask } = await import('../../../bridge-html/ask.js');
  const outcome = ask(endpoint, signal);
  const frame = page.frames.at(-1) as Frame;
  return { outcome, frame, query: new URL(frame.src).searchParams };
}

type Message = { readonly data: unknown; readonly source?: object | null; readonly origin?: string };

function deliver({ frame }: Asking, { data, source = frame.contentWindow, origin = 'https://hub.acme.com' }: Message) {
  page.window.dispatchEvent(Object.assign(new Event('message'), { data, source, origin }));
}

/** The outcome of an answer with the right state and these members. */
async function outcomeOf(members: string, endpoint?: string): Promise<string | null> {
  const asked = await asking(endpoint);
  deliver(asked, { data: `?state=${asked.query.get('state')}&${members}` });
  const outcome = await asked.outcome;
  expect(page.frames).toEqual([]);
  expect(page.cookies).toBe('');
  return outcome;
}

describe('the request', () => {
  test('is for a code, without the user, in a hidden frame that may not leave', async () => {
    const { frame, query } = await asking();
    expect(frame).toMatchObject({ hidden: true, sandbox: 'allow-scripts allow-same-origin' });
    expect(Object.fromEntries(query)).toEqual({
      client_id: 'lockstep-hub',
      redirect_uri: 'https://hub.acme.com/callback.html',
      response_type: 'code',
      scope: 'openid',
      prompt: 'none',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
  });

  test('keeps what the endpoint has of a query, and replaces what is its own', async () => {
    const { query } = await asking(`${issuer}/authorize?p=b2c&prompt=login`);
    expect(query.get('p')).toBe('b2c');
    expect(query.getAll('prompt')).toEqual(['none']);
  });
});

describe('an answer', () => {
  test.each([
    ['a code', 'code=x', active],
    ['a code of this issuer', `code=x&iss=${encodeURIComponent(issuer)}`, active],
    ['login_required', 'error=login_required', inactive],
    ['consent_required', 'error=consent_required', null],
    ['interaction_required', 'error=interaction_required', null],
    ['account_selection_required', 'error=account_selection_required', null],
    ['access_denied', 'error=access_denied', null],
    ['server_error', 'error=server_error', null],
    ['nothing', '', null],
    ['an empty code', 'code=', null],
    ['an empty error beside a code', 'code=x&error=', null],
    ['both', 'code=x&error=login_required', null],
    ['two codes', 'code=x&code=y', null],
    ['two errors', 'error=login_required&error=login_required', null],
    ['RFC 9207: another issuer', 'code=x&iss=https%3A%2F%2Fevil.example', null],
    ['RFC 9207: another issuer that says no', 'error=login_required&iss=https%3A%2F%2Fevil.example', null],
    ['RFC 9207: the issuer with a slash', `code=x&iss=${encodeURIComponent(`${issuer}/`)}`, null],
    ['a second state', 'state=y&code=x', null],
  ])('%s', async (_, members, outcome) => {
    expect(await outcomeOf(members)).toBe(outcome);
  });

  test.each([
    ['another state', '?state=guessed&code=x'],
    ['no state', '?code=x'],
    ['no text', { state: 'x', code: 'x' }],
  ])('with %s is none', async (_, data) => {
    const asked = await asking();
    deliver(asked, { data });
    expect(await asked.outcome).toBeNull();
    expect(page.frames).toEqual([]);
  });

  test('counts from the window of this frame alone, while that shows a page of the hub', async () => {
    const controller = new AbortController();
    const [first, second] = [await asking(undefined, controller.signal), await asking()];
    const data = `?state=${first.query.get('state')}&error=login_required`;
    deliver(first, { data, source: {} });
    deliver(first, { data, source: null });
    deliver(first, { data, source: second.frame.contentWindow });
    deliver(first, { data, origin: issuer });
    deliver(first, { data, origin: 'null' });
    // The second took what came from its own frame for an answer to it, with another state.
    expect(await second.outcome).toBeNull();
    expect(page.frames).toEqual([first.frame]);
    controller.abort();
    expect(await first.outcome).toBeNull();
  });
});

describe('no is believed', () => {
  const no = 'error=login_required';

  test.each([
    ['a provider of another site', 'https://login.other.com/authorize'],
    ['a provider whose name ends like the site', 'https://evilacme.com/authorize'],
    ['a provider of the site over http', 'http://login.acme.com/authorize'],
  ])('of none but one on the site of the hub: %s', async (_, endpoint) => {
    expect(await outcomeOf(no, endpoint)).toBeNull();
    expect(await outcomeOf('code=x', endpoint)).toBe(active);
  });

  test('only where the browser lets the hub set a cookie for its site, which is not a suffix to it then', async () => {
    const seen: string[] = [];
    page.keeps = (cookie) => {
      seen.push(cookie);
      return false;
    };
    expect(await outcomeOf(no)).toBeNull();
    expect(seen[0]).toMatch(/^lockstep-site-[\w-]{43}=1;Path=\/;SameSite=Strict;Domain=acme\.com;Max-Age=60$/);
  });

  test("of a provider at the hub's own name, where it may set a cookie at all", async () => {
    expect(await outcomeOf(no, 'https://hub.acme.com:8443/authorize')).toBe(inactive);
    page.keeps = () => false;
    expect(await outcomeOf(no, 'https://hub.acme.com:8443/authorize')).toBeNull();
  });

  test('of none where the hub has the name of its site, since that proves nothing of names below it', async () => {
    vi.stubGlobal('location', new URL('https://acme.com/hub/'));
    expect(await outcomeOf(no)).toBeNull();
  });
});

describe('the frame is gone', () => {
  test('when the check is cancelled, and when it had been cancelled before', async () => {
    const controller = new AbortController();
    const asked = await asking(undefined, controller.signal);
    expect(page.frames).toHaveLength(1);
    controller.abort();
    expect(await asked.outcome).toBeNull();
    expect(page.frames).toEqual([]);
    const { ask } = await import('../../../bridge-html/ask.js');
    expect(await ask(check.authorizationEndpoint, controller.signal)).toBeNull();
    expect(page.frames).toEqual([]);
  });

  test('when the page is frozen', async () => {
    const asked = await asking();
    page.document.dispatchEvent(new Event('freeze'));
    expect(await asked.outcome).toBeNull();
    expect(page.frames).toEqual([]);
  });
});

test.each([
  ['check.issuer', { ...check, issuer: 'http://login.acme.com' }],
  ['check.issuer', { ...check, issuer: 'login.acme.com' }],
  ['check.issuer', { ...check, issuer: 7 }],
  ['check.authorizationEndpoint', { ...check, authorizationEndpoint: 'http://127.evil.example/authorize' }],
  ['check.authorizationEndpoint', { ...check, authorizationEndpoint: 'http://evillocalhost/authorize' }],
  ['check.authorizationEndpoint', { ...check, authorizationEndpoint: 'javascript:alert(1)' }],
  ['check.clientId', { ...check, clientId: '' }],
  ['check.clientId', { ...check, clientId: 'a\nb' }],
  ['check.clientId', { ...check, clientId: ['a'] }],
])('a hub with a wrong %s does not start, and says why: %#', async (place, wrong) => {
  page.configText = JSON.stringify(configOf({ check: wrong }));
  await expect(import('../../../bridge-html/ask.js')).rejects.toThrow(`Wrong configuration: ${place}: `);
  // What the module refuses: it wants an object.
  expect(JSON.parse(page.configText).check).toMatch(new RegExp(`^${place}: `));
});

test.each(['http://login.localhost:4400', 'http://127.0.0.1:4400/', 'http://localhost'])(
  'a provider of this machine may be plain http: %s',
  async (local) => {
    page.configText = JSON.stringify(configOf({ check: { ...check, issuer: local } }));
    await expect(import('../../../bridge-html/ask.js')).resolves.toBeDefined();
  },
);
