// The hub's own check, as far as the page does it: what of an answer reaches the hub's module, and how much is read.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { HubModule } from '#hub-module';
import { createCheck } from '../../../bridge-html/duty.js';

let page: EventTarget;
beforeEach(() => {
  page = new EventTarget();
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** What the module is given of such a response. */
async function fetched(response: Response): Promise<string | null> {
  vi.stubGlobal('fetch', async () => response);
  return new Promise((resolve) => {
    const module = { checkFetched: (_: number, text: string | null) => resolve(text) } as unknown as HubModule;
    createCheck(() => module).fetchCheck(1, 'https://hub.acme.com/session');
  });
}

test.each([
  ['an outcome', '{"active":false}', '{"active":false}'],
  ['a text of more bytes than units', '"\u00e4\u{1f600}"', '"\u00e4\u{1f600}"'],
  ['nothing', '', ''],
  ['K8.10: a byte order mark', '\ufeff{"active":false}', null],
  ['K8.10: more than any outcome has', `{"active":false}${' '.repeat(9_000)}`, null],
])('%s', async (_, body, text) => {
  expect(await fetched(new Response(body))).toBe(text);
});

test('what is no 200 is no outcome', async () => {
  expect(await fetched(new Response('{"active":false}', { status: 401 }))).toBeNull();
  expect(await fetched(new Response(null, { status: 204 }))).toBeNull();
});

test('K8.10: of an answer without end no more is read than an outcome may have', async () => {
  let sent = 0;
  const cancel = vi.fn();
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1_024;
      controller.enqueue(new Uint8Array(1_024).fill(32));
    },
    cancel,
  });
  expect(await fetched(new Response(body))).toBeNull();
  expect(cancel).toHaveBeenCalledOnce();
  expect(sent).toBeLessThan(20_000);
});

test('what fails while the page is left is no outcome, and what fails on a page that has stayed is one', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('NetworkError')));
  const checkFetched = vi.fn();
  const { fetchCheck } = createCheck(() => ({ checkFetched }) as unknown as HubModule);
  fetchCheck(1, 'https://hub.acme.com/session');
  page.dispatchEvent(new Event('beforeunload'));
  fetchCheck(2, 'https://hub.acme.com/session');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(checkFetched).not.toHaveBeenCalled();
  fetchCheck(3, 'https://hub.acme.com/session');
  await vi.advanceTimersByTimeAsync(0);
  expect(checkFetched.mock.calls).toEqual([[3, null]]);
});
