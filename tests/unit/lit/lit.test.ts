// @vitest-environment happy-dom
// The binding for Lit, in Lit's own elements. How it hydrates is in tests/e2e: that takes a browser's own parser.

import type { LitElement } from 'lit';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type Counted, createCounted } from '../bindings/counted.js';
import { importForBrowser } from '../bindings/for-browser.js';

type Bundled = typeof import('../../../js-glue/lit/index.js') & Pick<typeof import('lit'), 'LitElement' | 'html'>;

let session: Counted;
let received: string[];

beforeAll(async () => {
  // Lit extends happy-dom's element, which is there by now.
  define(await importForBrowser("export * from './js-glue/lit/index.ts'; export { html, LitElement } from 'lit';"));
});
beforeEach(() => {
  session = createCounted();
  received = [];
});
afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
  expect(session.listening()).toBe(0);
});

function define({ html, IdleController, LitElement, SessionController, SessionEventController }: Bundled): void {
  class Who extends LitElement {
    readonly account = new SessionController(this, session);
    override render() {
      const { status, subject } = this.account.value;
      return html`<p class=${status}>${subject ?? status}</p>`;
    }
  }
  class Listener extends LitElement {
    readonly logout = new SessionEventController(this, session, 'logout', ({ reason }) => received.push(reason));
  }
  class Idle extends LitElement {
    readonly idle = new IdleController(this, session);
    override render() {
      const { isWarned, secondsLeft, stay } = this.idle;
      return html`<button @click=${stay}>${isWarned ? `${secondsLeft} s left` : 'active'}</button>`;
    }
  }
  customElements.define('x-who', Who);
  customElements.define('x-listener', Listener);
  customElements.define('x-idle', Idle);
}

async function show(name: string): Promise<LitElement> {
  const element = document.createElement(name) as LitElement;
  document.body.append(element);
  await element.updateComplete;
  return element;
}
const textOf = async (element: LitElement) => {
  await element.updateComplete;
  return element.shadowRoot?.textContent;
};

test('two elements follow the session, by one subscription each', async () => {
  const [first, second] = [await show('x-who'), await show('x-who')];
  expect([await textOf(first), session.listening()]).toEqual(['signed-out', 2]);
  session.signIn('ada');
  expect([await textOf(first), await textOf(second)]).toEqual(['ada', 'ada']);
  first.remove();
  expect(session.listening()).toBe(1);
  session.signOut();
  expect([await textOf(first), await textOf(second)]).toEqual(['ada', 'signed-out']);
  // What it missed is shown when it is back.
  document.body.append(first);
  expect([await textOf(first), session.listening()]).toEqual(['signed-out', 2]);
});

test('an event calls the listener while the element is connected', async () => {
  const element = await show('x-listener');
  session.signIn();
  session.signOut('idle');
  element.remove();
  session.signIn();
  session.signOut();
  expect(received).toEqual(['idle']);
});

test('the idle countdown runs while the user is warned and the element connected, and no longer', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  session.signIn();
  const element = await show('x-idle');
  expect([await textOf(element), vi.getTimerCount()]).toEqual(['active', 0]);
  session.warnIdle(Date.now() + 2_500);
  expect(await textOf(element)).toBe('3 s left');
  vi.advanceTimersByTime(1_000);
  expect(await textOf(element)).toBe('2 s left');
  element.remove();
  expect(vi.getTimerCount()).toBe(0);
  document.body.append(element);
  expect([await textOf(element), vi.getTimerCount()]).toEqual(['2 s left', 1]);
  element.shadowRoot?.querySelector('button')?.click();
  expect([await textOf(element), vi.getTimerCount()]).toEqual(['active', 0]);
});
