// @vitest-environment happy-dom
// The inspector's way to a hub that is played by hand, over a frame that never loads anything.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { mountInspector } from '../../../js-glue/inspector/index.js';
import { createTestSession } from '../../../js-glue/testing/index.js';

const hub = 'https://hub.acme.com/';
let status: string;
let session: ReturnType<typeof createTestSession>;
let frame: HTMLIFrameElement;
let ports: MessagePort[];
let unmount: () => void;

beforeEach(() => {
  status = 'connecting';
  session = createTestSession();
  ports = [];
  frame = document.createElement('iframe');
  const postMessage = (_text: string, _origin: string, given: MessagePort[]) => ports.push(...given);
  Object.defineProperty(frame, 'contentWindow', { value: { postMessage } });
  // Found, but in no document, where something would try to load it.
  vi.spyOn(document.documentElement, 'querySelectorAll').mockReturnValue([frame] as never);
  Object.defineProperty(frame, 'src', { value: hub });
});
afterEach(() => {
  unmount();
  vi.restoreAllMocks();
  document.body.replaceChildren();
});

const root = () => document.querySelector('lockstep-inspector')?.shadowRoot;
const note = () => root()?.querySelector('[role=note]')?.textContent;

function mount(): void {
  const getSnapshot = () => ({ ...session.getSnapshot(), status });
  unmount = mountInspector({ ...session, getSnapshot } as typeof session, { parent: document.body });
}
/** Any change of the snapshot. */
function connects(): void {
  status = 'signed-in';
  session.signIn('ada');
}

test('mounted between the load of the frame and the welcome, it asks the hub once that has answered', async () => {
  mount();
  expect(ports).toHaveLength(0);
  session.setScope('partitioned');
  expect(ports).toHaveLength(0);
  connects();
  expect(ports).toHaveLength(1);
  ports[0]?.postMessage(JSON.stringify({ type: 'inspecting', id: 'own', config: '{}' }));
  ports[0]?.postMessage(JSON.stringify({ type: 'report', hub: 'own', state: {}, entries: [] }));
  await vi.waitFor(() => expect(note()).toBe('No other tab shares the hub’s store.'));
});

test('it asks once for each load of the frame, whatever the session shows then', () => {
  mount();
  frame.dispatchEvent(new Event('load'));
  connects();
  session.setScope('partitioned');
  expect(ports).toHaveLength(1);
  frame.dispatchEvent(new Event('load'));
  session.setScope('shared');
  expect(ports).toHaveLength(2);
});

test('where the hub has answered before, it asks at once, and after its end no more', () => {
  status = 'signed-out';
  mount();
  expect(ports).toHaveLength(1);
  unmount();
  frame.dispatchEvent(new Event('load'));
  connects();
  expect(ports).toHaveLength(1);
});

test('an act shows what the hub answers; one that is loaded again answers nothing more', async () => {
  status = 'signed-in';
  mount();
  const said: unknown[] = [];
  if (ports[0]) ports[0].onmessage = ({ data }) => said.push(JSON.parse(data));
  const press = (name: string) =>
    [...(root()?.querySelectorAll('button') ?? [])].find(({ textContent }) => textContent === name)?.click();
  const outcome = (text: string) =>
    vi.waitFor(() => expect(root()?.querySelector('output')?.textContent).toContain(text));
  ports[0]?.postMessage(JSON.stringify({ type: 'inspecting', id: 'own', config: '{}' }));
  ports[0]?.postMessage(JSON.stringify({ type: 'report', hub: 'own', state: {}, entries: [] }));
  await vi.waitFor(() => expect(note()).toBe('No other tab shares the hub’s store.'));
  press('Expire now');
  await vi.waitFor(() => expect(said).toContainEqual({ type: 'act', act: 'expire' }));
  ports[0]?.postMessage(JSON.stringify({ type: 'acted', act: 'idle', outcome: 'done' }));
  ports[0]?.postMessage(JSON.stringify({ type: 'acted', act: 'expire', outcome: 'waiting' }));
  await outcome('expire: waiting – A check is asked first, and decides.');
  press('Idle now');
  await outcome('idle …');
  frame.dispatchEvent(new Event('load'));
  await outcome('idle: lost – There is no hub.');
});

test('a tab whose page has no inspector has no title, and the panel says why', async () => {
  status = 'signed-in';
  mount();
  const report = (hub: string, state: object) =>
    ports[0]?.postMessage(JSON.stringify({ type: 'report', hub, state: { origin: hub, ...state }, entries: [] }));
  ports[0]?.postMessage(JSON.stringify({ type: 'inspecting', id: 'own', config: '{}' }));
  report('own', { title: 'Acme' });
  const why = () =>
    [...(root()?.querySelectorAll('p') ?? [])].find(({ textContent }) =>
      textContent?.startsWith('A tab without a title'),
    );
  await vi.waitFor(() => expect(why()?.hidden).toBe(true));
  report('other', {});
  await vi.waitFor(() => expect(why()?.hidden).toBe(false));
  report('other', { left: true });
  await vi.waitFor(() => expect(why()?.hidden).toBe(true));
});
