// session.requestScope: the hub's frame is laid over an element of the app while the hub shows its button there.

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ScopeOptions } from '../../../js-glue/client/index.js';
import { changed, openPage, outcome, type Page, settled } from './page.js';

const apart = { status: 'signed-out', reason: 'never', scope: 'partitioned', medium: 'local-storage' } as const;
const hidden = 'position:fixed;inset:0;width:0;height:0;border:0;visibility:hidden';

type Box = Readonly<Record<'left' | 'top' | 'width' | 'height', number>>;
class Element {
  isConnected = true;
  box: Box = { left: 10, top: 20, width: 200, height: 40 };
  getBoundingClientRect = () => this.box;
  parentNode: object | null = null;
  /** In the top layer, as this kind. */
  kind = '';
  matches = (selector: string) => selector === this.kind;
}
let observers: { readonly entered: (entries: readonly object[]) => void; ended: boolean }[];
let frames: (() => void)[];

let page: Page;
beforeEach(() => {
  page = openPage();
  observers = [];
  frames = [];
  vi.stubGlobal('HTMLElement', Element);
  vi.stubGlobal('CSS', { supports: () => true });
  vi.stubGlobal('requestAnimationFrame', (callback: () => void) => frames.push(callback));
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      readonly #observer: (typeof observers)[number];
      constructor(entered: (entries: readonly object[]) => void) {
        this.#observer = { entered, ended: false };
        observers.push(this.#observer);
      }
      observe() {}
      disconnect() {
        this.#observer.ended = true;
      }
    },
  );
});

/** The browser paints once more. */
function paint(): void {
  for (const callback of frames.splice(0)) callback();
}
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
  expect(observers).toMatchObject([{ ended: true }]);
  paint();
  expect(frames).toEqual([]);
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

/** Asks over an element that the test goes on to move. */
async function requestOver(element: Element) {
  const session = await open('gesture');
  const scope = outcome(session.requestScope({ element: element as unknown as HTMLElement }));
  await asked();
  const end = async () => {
    page.hub.send({ type: 'reply', id: 1 });
    return scope;
  };
  return { scope, end, css: () => page.frames()[0]?.style.cssText };
}

test('the frame follows its element', async () => {
  const moving = new Element();
  const { end, css } = await requestOver(moving);
  moving.box = { left: 1, top: 2, width: 3, height: 4 };
  const [frame] = page.frames();
  if (frame) frame.box = { left: 10, top: 20, width: 200, height: 40 };
  paint();
  expect(css()).toContain('left:1px;top:2px;width:3px;height:4px');
  await end();
});

test('where the page moves what is fixed in it, the frame is moved against that', async () => {
  const { end, css } = await requestOver(new Element());
  const [frame] = page.frames();
  if (frame) frame.box = { left: 15, top: -30, width: 100, height: 20 };
  paint();
  expect(css()).toContain('left:5px;top:70px;width:300px;height:60px');
  await end();
});

const rect = (left: number, top: number, right: number, bottom: number) => ({
  ...{ left, top, right, bottom, width: right - left, height: bottom - top },
});
test.each([
  ['all of it', rect(10, 20, 210, 60), 'none'],
  ['its lower half', rect(10, 40, 210, 60), 'inset(20px 0px 0px 0px)'],
  ['its left end', rect(10, 20, 60, 60), 'inset(0px 150px 0px 0px)'],
  ['nothing', rect(0, 0, 0, 0), 'inset(50%)'],
])('where the user sees %s of the element, the frame shows no more', async (_, intersectionRect, clipPath) => {
  const { end, css } = await requestOver(new Element());
  observers[0]?.entered([{ boundingClientRect: rect(10, 20, 210, 60), intersectionRect }]);
  paint();
  expect(css()).toContain(`clip-path:${clipPath};`);
  await end();
});

test('an element that is taken out of the document ends it', async () => {
  const removed = new Element();
  const { scope, css } = await requestOver(removed);
  removed.isConnected = false;
  paint();
  expect(await scope).toBe('invalid-argument');
  expect(css()).toBe(hidden);
  expect(observers).toMatchObject([{ ended: true }]);
});

describe('an element in a modal dialog', () => {
  const within = (members: object, kind = ':modal') =>
    Object.assign(new Element(), { parentNode: Object.assign(new Element(), { kind }, members) });

  test('takes the frame there, and back, where the browser can move it', async () => {
    const moved: string[] = [];
    Object.assign(page.document.documentElement, { moveBefore: () => moved.push('back') });
    const { end } = await requestOver(within({ moveBefore: () => moved.push('there') }));
    expect(moved).toEqual(['there']);
    expect(await end()).toBe('partitioned');
    expect(moved).toEqual(['there', 'back']);
    expect(page.framesMade()).toBe(1);
  });

  test.each([':popover-open', ':fullscreen'])('so does %s, also out of a shadow tree', async (kind) => {
    const moved: string[] = [];
    Object.assign(page.document.documentElement, { moveBefore: () => moved.push('back') });
    const host = within({ moveBefore: () => moved.push('there') }, kind);
    const { end } = await requestOver(Object.assign(new Element(), { parentNode: { parentNode: null, host } }));
    await end();
    expect(moved).toEqual(['there', 'back']);
  });

  test('whose dialog is removed with the frame gets a new frame', async () => {
    const element = within({ moveBefore: () => {} });
    const { scope } = await requestOver(element);
    const [frame] = page.frames();
    if (frame) frame.isConnected = false;
    element.isConnected = false;
    paint();
    expect(await scope).toBe('invalid-argument');
    expect(page.framesMade()).toBe(2);
  });

  test('is refused where the browser cannot, since nobody could press it', async () => {
    const { scope, css } = await requestOver(within({}));
    expect(await scope).toBe('invalid-argument');
    expect([page.hub.texts, css()]).toEqual([[], hidden]);
  });
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

test('the end of the session removes the button, though another session keeps the frame', async () => {
  const session = await open('gesture');
  page.connect();
  const scope = outcome(session.requestScope({ element: element() }));
  await asked();
  session.close();
  expect(await scope).toBe('closed');
  expect(page.frames()[0]?.style.cssText).toBe(hidden);
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
