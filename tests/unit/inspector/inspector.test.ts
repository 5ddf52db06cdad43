// @vitest-environment happy-dom
// The inspector over a session driven by hand: what it shows, what it does by keyboard, and what it leaves behind. How
// it looks, and what a strict policy allows it, is in tests/e2e/inspector.spec.ts.

import { LockstepError, type ScopeOptions } from 'lockstep';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { errorCodes } from '../../../js-glue/client/errors.js';
import { mountInspector } from '../../../js-glue/inspector/index.js';
import { cureOf } from '../../../js-glue/inspector/words.js';
import { createTestSession } from '../../../js-glue/testing/index.js';
import { type Counted, createCounted } from '../bindings/counted.js';

let session: Counted;
let parent: HTMLElement;
let unmount: () => void;

beforeEach(() => {
  session = createCounted();
  parent = document.createElement('div');
  document.body.append(parent);
  unmount = mountInspector(session, { parent });
});
afterEach(() => {
  unmount();
  document.body.replaceChildren();
  vi.useRealTimers();
  expect(session.listening()).toBe(0);
});

function rootOf(place: ParentNode = parent): ShadowRoot {
  const root = place.querySelector('lockstep-inspector')?.shadowRoot;
  if (!root) throw new Error('There is no inspector.');
  return root;
}
const drawn = () => new Promise<void>((resolve) => queueMicrotask(() => queueMicrotask(resolve)));
async function text(selector: string, root = rootOf()): Promise<string> {
  await drawn();
  return root.querySelector(selector)?.textContent ?? '';
}
const state = (root?: ShadowRoot) => text('dl', root);
const timeline = () => text('table');
function press(name: string, root = rootOf()): void {
  const found = [...root.querySelectorAll('button')].find((button) => button.textContent?.startsWith(name));
  if (!found) throw new Error(`There is no button ${name}.`);
  found.click();
}
async function outcome(expected: string): Promise<void> {
  await vi.waitFor(() => expect(rootOf().querySelector('output')?.textContent).toContain(expected));
}

describe('this tab', () => {
  test('shows who is signed in, and why nobody is any more', async () => {
    expect(await state()).toContain('This browser has seen no session.');
    session.signIn({ subject: 'grace', claims: { name: 'Grace' }, sessionId: 's-1' });
    for (const shown of ['signed-in', 'grace', 's-1', '"Grace"']) expect(await state()).toContain(shown);
    session.signOut('logout', 'https://billing.acme.com');
    expect(await state()).toContain('The user logged out, by the app at https://billing.acme.com.');
    expect(await state()).not.toContain('grace');
  });

  test('says in a sentence whom it is in lockstep with', async () => {
    expect(await state()).toContain('every allowed app of this browser that can be reached, by localStorage.');
    session.setScope('partitioned');
    expect(await state()).toContain('only with tabs below the same top-level site');
  });

  test('names the last error with its cure, also after it has gone', async () => {
    session.fail('origin-refused');
    expect(await state()).toContain('The hub cannot be used: origin-refused.');
    session.signIn();
    expect(await state()).toContain('Add the origin of this page to "apps" in lockstep.config.json');
  });

  test('every code has a cure', () => {
    expect(errorCodes.filter((code) => cureOf(code).length < 20)).toEqual([]);
    expect(cureOf('toString')).toBe('');
  });

  test('counts down while it is open and visible, and has no timer else', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    session.signIn({ subject: 'ada', idleAt: Date.now() + 65_000 });
    expect(await state()).toContain('in 1 min 5 s');
    vi.advanceTimersByTime(6_000);
    expect(await state()).toContain('in 59 s');
    expect(vi.getTimerCount()).toBe(1);
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    await drawn();
    expect(vi.getTimerCount()).toBe(0);
    vi.restoreAllMocks();
    document.dispatchEvent(new Event('visibilitychange'));
    await drawn();
    expect(vi.getTimerCount()).toBe(1);
    press('Lockstep');
    await drawn();
    expect(vi.getTimerCount()).toBe(0);
    press('Lockstep');
    session.signOut();
    await drawn();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the timeline', () => {
  test('says what caused a change: an act here, or another tab', async () => {
    session.signIn('ada');
    expect(await timeline()).toContain('a login elsewhere');
    press('Log out');
    await outcome('logout: done');
    const rows = [...rootOf().querySelectorAll('tbody tr')].map((row) =>
      [...row.children].map((cell) => cell.textContent).slice(1, 4),
    );
    expect(rows[0]?.slice(0, 2)).toEqual(['event logout', 'this page']);
    expect(rows[1]?.slice(0, 2)).toEqual(['snapshot signed-out', 'this page']);
    expect(rows[2]?.slice(0, 2)).toEqual(['act logout', 'the inspector']);
    expect(rows.at(-1)?.[1]).toBe('the timeline begins');
    // From the act to the snapshot that shows it.
    expect(rows[0]?.[2]).toMatch(/^\d+(\.\d)? ms$/);
    expect(rows[1]?.[2]).toBe(rows[0]?.[2]);
  });

  test('keeps the last 200 entries, and says how many are gone', async () => {
    for (let round = 0; round < 120; round++) session.setScope(round % 2 === 0 ? 'partitioned' : 'shared');
    await drawn();
    expect(rootOf().querySelectorAll('tbody tr').length).toBe(200);
    expect(rootOf().textContent).toContain('41 older entries are gone.');
  });

  test('shows text as text', async () => {
    session.signIn('<img src=x onerror=alert(1)>');
    expect(await state()).toContain('<img src=x');
    expect(rootOf().querySelector('img')).toBeNull();
  });
});

describe('acts', () => {
  test('a login as whoever is chosen, begun as a login flow', async () => {
    const input = rootOf().querySelector<HTMLInputElement>('input[name=subject]');
    if (input) input.value = 'grace';
    rootOf().querySelector('form')?.requestSubmit();
    await outcome('login: done');
    expect(session.getSnapshot().subject).toBe('grace');
    expect(session.calls).toEqual([{ type: 'beginLogin' }, { type: 'login', login: { subject: 'grace' } }]);
    expect(await state()).toContain('login: yes');
  });

  test('each shows its outcome, or its code with the cure', async () => {
    press('Check');
    await outcome('check: inactive');
    press('Touch');
    await outcome('touch: done');
    press('Request scope');
    await outcome('requestScope: shared');
    session.refuse('logout', 'forbidden');
    press('Log out');
    await outcome('logout: forbidden – The test refuses logout. – This origin lacks the capability');
    expect(await state()).toContain('logout: no');
  });

  test('offline: the page reads it and gets the event, and online again when the inspector goes', async () => {
    const types: string[] = [];
    const listener = ({ type }: Event) => void types.push(`${type} ${navigator.onLine}`);
    for (const type of ['offline', 'online']) addEventListener(type, listener);
    await drawn();
    press('Go offline');
    await outcome('offline: in the page alone');
    expect(navigator.onLine).toBe(false);
    press('Go online');
    await outcome('online: in the page alone');
    await drawn();
    press('Go offline');
    await outcome('offline: in the page alone');
    unmount();
    await vi.waitFor(() => expect(navigator.onLine).toBe(true));
    expect(types).toEqual(['offline false', 'online true', 'offline false', 'online true']);
    for (const type of ['offline', 'online']) removeEventListener(type, listener);
  });

  test('of two inspectors of a page each shows that the page is offline, and any of them ends it', async () => {
    const other = document.createElement('div');
    document.body.append(other);
    const stop = mountInspector(session, { parent: other });
    await drawn();
    press('Go offline');
    await outcome('offline: in the page alone');
    await drawn();
    press('Go online', rootOf(other));
    await vi.waitFor(() => expect(navigator.onLine).toBe(true));
    stop();
  });

  test('where the hub lets nobody inspect no deadline comes, and where there is no hub none is lost', async () => {
    press('Expire now');
    await outcome('expire: not-inspected – The hub lets only origins do that');
    press('Idle now');
    await outcome('idle: not-inspected');
    press('Lose the hub');
    await outcome('lose the hub: lost – There is no hub.');
  });

  test('a session that throws at once is shown as well', async () => {
    const broken = {
      ...session,
      touch: () => {
        throw new LockstepError('closed', 'It is closed.');
      },
    };
    const other = document.createElement('div');
    document.body.append(other);
    const stop = mountInspector(broken, { parent: other });
    press('Touch', rootOf(other));
    await vi.waitFor(() => expect(rootOf(other).querySelector('output')?.textContent).toContain('touch: closed'));
    stop();
  });
});

test('closing the panel takes the request for a wider scope back, which is no error', async () => {
  const requestScope = ({ signal }: ScopeOptions) =>
    new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  unmount();
  unmount = mountInspector({ ...session, requestScope }, { parent });
  press('Request scope');
  expect(rootOf().querySelector<HTMLElement>('.place')?.hidden).toBe(false);
  press('Lockstep');
  await outcome('requestScope: cancelled');
  expect(rootOf().querySelector<HTMLElement>('.place')?.hidden).toBe(true);
  press('Lockstep');
  expect(await state()).not.toContain('Last error');
});

describe('the keyboard', () => {
  test('everything to press is a button, a field or a region that takes the focus, and has a name', () => {
    const pressed = [...rootOf().querySelectorAll<HTMLElement>('button, input, [tabindex="0"]')];
    expect(pressed.length).toBeGreaterThan(10);
    const names = pressed.map(
      (each) => each.textContent || each.getAttribute('aria-label') || each.closest('label')?.textContent,
    );
    expect(names.filter((name) => !name?.trim())).toEqual([]);
  });

  test('Escape closes the panel, and puts the focus on its button', () => {
    const toggle = rootOf().querySelector<HTMLElement>('.toggle');
    const panel = rootOf().querySelector<HTMLElement>('#panel');
    expect(toggle?.getAttribute('aria-expanded')).toBe('true');
    panel?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    expect([toggle?.getAttribute('aria-expanded'), panel?.hidden]).toEqual(['false', true]);
    expect(rootOf().activeElement).toBe(toggle);
  });
});

describe('mounting', () => {
  test('without a parent it floats, closed, above one that is there', () => {
    const stops = [mountInspector(session), mountInspector(session)];
    const floating = [...document.querySelectorAll<HTMLElement>('lockstep-inspector[floating]')];
    expect(floating.map((each) => each.style.getPropertyValue('--place'))).toEqual(['0', '1']);
    expect(floating.map((each) => each.shadowRoot?.querySelector<HTMLElement>('#panel')?.hidden)).toEqual([true, true]);
    stops[0]?.();
    stops.push(mountInspector(session));
    const places = [...document.querySelectorAll<HTMLElement>('lockstep-inspector[floating]')].map((each) =>
      each.style.getPropertyValue('--place'),
    );
    expect(places).toEqual(['1', '0']);
    for (const stop of stops) stop();
  });

  test('two inspectors show two sessions, and the end of one leaves the other', async () => {
    const other = document.createElement('div');
    document.body.append(other);
    const second = createTestSession();
    const stop = mountInspector(second, { parent: other });
    session.signIn('ada');
    second.signIn('grace');
    expect(await state()).toContain('ada');
    expect(await state(rootOf(other))).toContain('grace');
    stop();
    expect(other.childElementCount).toBe(0);
    session.signIn('lin');
    expect(await state()).toContain('lin');
  });

  test('unmount leaves no node, no listener and no timer, and may be called twice', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    const added = vi.spyOn(document, 'addEventListener');
    const removed = vi.spyOn(document, 'removeEventListener');
    const stop = mountInspector(session, { parent });
    session.signIn({ subject: 'ada', expiresAt: Date.now() + 60_000 });
    await drawn();
    expect(vi.getTimerCount()).toBe(2);
    const before = session.listening();
    stop();
    stop();
    await drawn();
    expect(vi.getTimerCount()).toBe(1);
    expect(before - session.listening()).toBe(8);
    expect(removed.mock.calls).toEqual(added.mock.calls);
    expect(parent.childElementCount).toBe(1);
    vi.restoreAllMocks();
  });

  test('out of the page it listens to nothing, and back in it shows what has changed meanwhile', async () => {
    const element = parent.firstElementChild as HTMLElement;
    element.remove();
    expect(session.listening()).toBe(0);
    session.signIn('ada');
    parent.append(element);
    expect(await state()).toContain('ada');
    expect(await timeline()).toContain('subject: ada');
  });
});
