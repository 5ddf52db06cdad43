// A fetch that checks the session on a 401: what is tried again, what is not, and that nobody ever gets more than fetch
// would give.

import { expect, test, vi } from 'vitest';
import { type CheckOutcome, LockstepError, withSession } from '../../../js-glue/client/index.js';
import { settled } from './page.js';

const url = 'https://api.acme.com/orders';
type Seen = { readonly method: string; readonly body: string };

/** A server that refuses the first `refusals` requests, and remembers what it was sent. */
function server(refusals = 1) {
  const seen: Seen[] = [];
  const responses: Response[] = [];
  const fetched = vi.fn(async (...[input, init]: Parameters<typeof fetch>) => {
    const request = new Request(input, init);
    seen.push({ method: request.method, body: await request.text() });
    const status = seen.length <= refusals ? 401 : 200;
    const response = new Response(`answer ${seen.length}`, { status });
    responses.push(response);
    return response;
  });
  return { fetched, seen, responses };
}

function sessionThat(outcome: CheckOutcome | (() => Promise<CheckOutcome>)) {
  return { check: vi.fn(typeof outcome === 'string' ? async () => outcome : outcome) };
}

const text = 'a=1';
const bytes = new TextEncoder().encode(text);
const form = () => {
  const data = new FormData();
  data.append('a', '1');
  return data;
};
const post = (body: RequestInit['body'] | undefined): RequestInit => ({ method: 'POST', body: body ?? null });
const stream = () => new Blob([text]).stream();

test('a request that is not refused is left alone', async () => {
  const { fetched } = server(0);
  const session = sessionThat('active');
  const response = await withSession(fetched, session)(url);
  expect([response.status, fetched.mock.calls.length, session.check.mock.calls.length]).toEqual([200, 1, 0]);
});

test.each([400, 403, 404, 500, 503])('%d is no reason to check', async (status) => {
  const session = sessionThat('active');
  const response = new Response('', { status });
  expect(await withSession(async () => response, session)(url)).toBe(response);
  expect(session.check).not.toHaveBeenCalled();
});

test.each<[string, string | URL | (() => Request), (() => RequestInit) | undefined, Seen]>([
  ['a text', url, undefined, { method: 'GET', body: '' }],
  ['a URL', new URL(url), undefined, { method: 'GET', body: '' }],
  ['a DELETE without a body', url, () => ({ method: 'DELETE' }), { method: 'DELETE', body: '' }],
  ['a body of text', url, () => post(text), { method: 'POST', body: text }],
  ['URLSearchParams', url, () => post(new URLSearchParams(text)), { method: 'POST', body: text }],
  ['FormData', url, () => post(form()), { method: 'POST', body: expect.stringContaining('name="a"') }],
  ['a Blob', url, () => post(new Blob([text])), { method: 'POST', body: text }],
  ['a File', url, () => post(new File([text], 'a.txt')), { method: 'POST', body: text }],
  ['an ArrayBuffer', url, () => post(bytes.buffer.slice(0)), { method: 'POST', body: text }],
  ['a Uint8Array', url, () => post(bytes), { method: 'POST', body: text }],
  ['a DataView', url, () => post(new DataView(bytes.buffer)), { method: 'POST', body: text }],
  ['a Request', () => new Request(url), undefined, { method: 'GET', body: '' }],
  ['a Request with a body', () => new Request(url, post(text)), undefined, { method: 'POST', body: text }],
  [
    'a Request whose body is replaced',
    () => new Request(url, post('x')),
    () => post(text),
    { method: 'POST', body: text },
  ],
])('%s is sent again, whole, when the session lives', async (_, input, init, sent) => {
  const { fetched, seen } = server();
  const session = sessionThat('active');
  const request = typeof input === 'function' ? input() : input;
  const response = await withSession(fetched, session)(request, init?.());
  expect(await response.text()).toBe('answer 2');
  expect(seen).toEqual([sent, sent]);
  expect(session.check).toHaveBeenCalledOnce();
});

test.each<[string, () => RequestInit]>([
  ['a stream', () => ({ ...post(stream()), duplex: 'half' })],
  [
    'an iterator that is used up',
    () => ({
      ...post(
        (async function* () {
          yield bytes;
        })() as never,
      ),
      duplex: 'half',
    }),
  ],
])('%s cannot be sent again: the 401 comes as it was, without a check', async (_, init) => {
  const { fetched, seen, responses } = server();
  const session = sessionThat('active');
  const response = await withSession(fetched, session)(url, init());
  expect(response).toBe(responses[0]);
  expect([seen.length, session.check.mock.calls.length]).toEqual([1, 0]);
});

test('a Request that was used up fails as fetch says, and not otherwise', async () => {
  const request = new Request(url, post(text));
  await request.text();
  const session = sessionThat('active');
  await expect(withSession(server().fetched, session)(request)).rejects.toThrow(TypeError);
});

test.each<[string, CheckOutcome | (() => Promise<CheckOutcome>)]>([
  ['has ended', 'inactive'],
  ['is not known', 'unknown'],
  ['cannot be checked', () => Promise.reject(new LockstepError('timeout', 'The hub did not answer in time.'))],
])('when the session %s the 401 comes as it was, its body unread', async (_, outcome) => {
  const { fetched, responses } = server();
  const response = await withSession(fetched, sessionThat(outcome))(url);
  expect(response).toBe(responses[0]);
  expect(await response.text()).toBe('answer 1');
  expect(fetched).toHaveBeenCalledOnce();
});

test('a second 401 is the answer: there is no third try and no second check', async () => {
  const { fetched, responses } = server(9);
  const session = sessionThat('active');
  expect(await withSession(fetched, session)(url)).toBe(responses[1]);
  expect([fetched.mock.calls.length, session.check.mock.calls.length]).toEqual([2, 1]);
});

test('the first answer is let go of when the second has come', async () => {
  const { fetched, responses } = server();
  await withSession(fetched, sessionThat('active'))(url);
  await settled();
  expect(responses[0]?.body && (await responses[0].body.getReader().read())).toEqual({ done: true, value: undefined });
});

test('when the network fails at the second try the 401 comes as it was', async () => {
  const refused = new Response('answer 1', { status: 401 });
  const fetched = vi.fn<typeof fetch>().mockResolvedValueOnce(refused).mockRejectedValueOnce(new TypeError('Failed'));
  expect(await withSession(fetched, sessionThat('active'))(url)).toBe(refused);
  expect(await refused.text()).toBe('answer 1');
});

test('what the first try throws is thrown', async () => {
  const session = sessionThat('active');
  await expect(withSession(() => Promise.reject(new TypeError('Failed')), session)(url)).rejects.toThrow('Failed');
  expect(session.check).not.toHaveBeenCalled();
});

test.each(['init', 'Request'])(
  'a caller that aborts (%s) waits for no check, and nothing is sent again',
  async (where) => {
    const { fetched, responses } = server();
    const caller = new AbortController();
    const { signal } = caller;
    const pending = withResolvers<CheckOutcome>();
    const session = sessionThat(() => pending.promise);
    const call =
      where === 'init'
        ? withSession(fetched, session)(url, { signal })
        : withSession(fetched, session)(new Request(url, { signal }));
    await settled();
    expect(session.check).toHaveBeenCalledOnce();
    caller.abort();
    expect(await call).toBe(responses[0]);
    pending.resolve('active');
    await settled();
    expect(fetched).toHaveBeenCalledOnce();
  },
);

test('a caller that has aborted already causes no check', async () => {
  const refused = new Response('', { status: 401 });
  const session = sessionThat('active');
  const response = await withSession(async () => refused, session)(url, { signal: AbortSignal.abort() });
  expect(response).toBe(refused);
  expect(session.check).not.toHaveBeenCalled();
});

test('a caller that aborts during the second try receives its own abort', async () => {
  const caller = new AbortController();
  const fetched = vi
    .fn<typeof fetch>()
    .mockResolvedValueOnce(new Response('', { status: 401 }))
    .mockImplementationOnce(async () => {
      caller.abort();
      throw caller.signal.reason;
    });
  const call = withSession(fetched, sessionThat('active'))(url, { signal: caller.signal });
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
});

test('no listener stays on the signal of a caller', async () => {
  const { signal } = new AbortController();
  const add = vi.spyOn(signal, 'addEventListener');
  const fetched = vi.fn(async () => new Response('', { status: 401 }));
  await withSession(fetched, sessionThat('unknown'))(url, { signal });
  const options = add.mock.calls.map(([, , given]) => given as AddEventListenerOptions);
  expect(options.map((given) => given.signal?.aborted)).toEqual([true]);
});

function withResolvers<T>() {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((end) => {
    resolve = end;
  });
  return { promise, resolve };
}
