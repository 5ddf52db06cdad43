// session.requestScope: the hub's frame is laid over an element of the app while the hub shows its button there.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ScopeOptions } from '../../../js-glue/client/index.js';
import { changed, openPage, outcome, type Page, settled } from './page.js';

const apart = { status: 'signed-out', reason: 'never', scope: 'partitioned', medium: 'local-storage' } as const;
const hidden = 'position:fixed;inset:0;width:0;height:0;border:0;visibility:hidden';

class Element {
  getBoundingClientRect = () => ({ left: 10, top: 20, width: 200, height: 40 });
}
let observed: { readonly onMove: () => void; ended: boolean }[];

let page: Page;
beforeEach(() => {
  page = openPage();
  observed = [];
  vi.stubGlobal('HTMLElement', Element);
  vi.stubGlobal(
    'ResizeObserver',
    class {
      readonly #watch: { readonly onMove: () => void; ended: boolean };
      constructor(onMove: () => void) {
        this.#watch = { onMove, ended: false };
        observed.push(this.#watch);
      }
      observe() {}
      disconnect() {
        this.#watch.ended = true;
      }
    },
  );
});
afterEach(() => page.close());

const element = () => new Element() as unknown as HTMLElement;

async function open(upgrade: string) {
  const session = page.connect();
  await page.welcome({ snapshot: { ...apart, upgrade } });
  return session;
}

/** Until what is loaded later has come, too. */
async function asked(): Promise<void> {
  await vi.dynamicImportSettled();
  await settled();
}

async function request(options: Omit<ScopeOptions, 'element'> = {}, upgrade = 'gesture') {
  const session = await open(upgrade);
  const scope = outcome(session.requestScope({ element: element(), ...options }));
  await asked();
  return { session, scope };
}

test.each(['gesture', 'denied'])(
  'where the upgrade is %s the frame is laid over the element and the hub asked',
  async (upgrade) => {
    await request({ label: 'Stay', style: 'color:teal' }, upgrade);
    expect(page.hub.texts).toEqual(['{"type":"scope","id":1,"label":"Stay","style":"color:teal"}']);
    const [frame] = page.frames();
    expect(frame).toMatchObject({ title: 'Stay', tabIndex: 0, ariaHidden: null });
    expect(frame?.style.cssText).toContain('position:fixed;left:10px;top:20px;width:200px;height:40px');
    expect(page.framesMade()).toBe(1);
  },
);

test('the reply ends it: the frame is hidden as before, and the scope is the one of the last snapshot', async () => {
  const { scope } = await request();
  page.hub.send(changed({ ...apart, scope: 'shared', medium: 'cookie', upgrade: 'none' }));
  page.hub.send({ type: 'reply', id: 1 });
  expect(await scope).toBe('shared');
  const [frame] = page.frames();
  expect(frame).toMatchObject({ title: 'Lockstep hub', tabIndex: -1, ariaHidden: 'true' });
  expect(frame?.style.cssText).toBe(hidden);
  expect(observed).toMatchObject([{ ended: true }]);
  expect(page.listeners()).not.toContain('scroll');
});

test('a refusal by the user resolves with the scope that it stays at', async () => {
  const { scope, session } = await request();
  page.hub.send(changed({ ...apart, upgrade: 'denied' }));
  page.hub.send({ type: 'reply', id: 1 });
  expect(await scope).toBe('partitioned');
  expect(session.getSnapshot().upgrade).toBe('denied');
});

test('a user may take longer than the time-out', async () => {
  const { scope } = await request();
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(page.framesMade()).toBe(1);
  page.hub.send({ type: 'reply', id: 1 });
  expect(await scope).toBe('partitioned');
});

test('the frame follows its element', async () => {
  const moving = new Element();
  const session = await open('gesture');
  const scope = outcome(session.requestScope({ element: moving as unknown as HTMLElement }));
  await asked();
  moving.getBoundingClientRect = () => ({ left: 1, top: 2, width: 3, height: 4 });
  observed[0]?.onMove();
  expect(page.frames()[0]?.style.cssText).toContain('left:1px;top:2px;width:3px;height:4px');
  page.hub.send({ type: 'reply', id: 1 });
  await scope;
});

test.each(['none', 'unsupported'])('where the upgrade is %s nothing is asked and nothing is shown', async (upgrade) => {
  const { scope } = await request({}, upgrade);
  expect(await scope).toBe('partitioned');
  expect(page.hub.texts).toEqual([]);
  expect(page.frames()[0]?.style.cssText).toBe(hidden);
});

test('an abort removes the button and rejects with its reason', async () => {
  const controller = new AbortController();
  const session = await open('gesture');
  const scope = session.requestScope({ element: element(), signal: controller.signal });
  await asked();
  controller.abort(new Error('closed the dialog'));
  await expect(scope).rejects.toThrow('closed the dialog');
  expect(page.frames()[0]?.style.cssText).toBe(hidden);
  page.hub.send({ type: 'reply', id: 1 });
  await settled();
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['no element', {}],
  ['what is none', { element: {} }],
  ['a label that is no text', { label: 7 }],
  ['a style that is no text', { style: {} }],
])('%s is refused', async (name, given) => {
  const session = await open('gesture');
  const options = /label|style/.test(name) ? { element: element(), ...(given as object) } : given;
  expect(await outcome(session.requestScope(options as ScopeOptions))).toBe('invalid-argument');
  expect(page.hub.texts).toEqual([]);
});

test.each(['label', 'style'])('a %s that is too long for any message is refused as such', async (name) => {
  const session = await open('gesture');
  await expect(session.requestScope({ element: element(), [name]: 'x'.repeat(9_000) })).rejects.toMatchObject({
    code: 'invalid-argument',
    message: 'scope must be at most 8192 characters.',
  });
  expect(page.hub.texts).toEqual([]);
});

test('a closed session refuses', async () => {
  const session = await open('gesture');
  session.close();
  expect(await outcome(session.requestScope({ element: element() }))).toBe('closed');
});
