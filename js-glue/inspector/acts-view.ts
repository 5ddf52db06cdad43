// Acts to try on the session, each with what came of it. They are real: a logout here signs out every tab, and a
// deadline that comes is the hub's to decide on.

import type { Session } from 'lockstep';
import type { AllTabs } from './all-tabs-view.js';
import { button, h, part } from './dom.js';
import { isOffline, setOffline } from './offline.js';
import { type Act, type Failure, lastOutcome, type Timeline } from './timeline.js';
import { outcomeSentence } from './words.js';

export type Acts = {
  readonly element: HTMLElement;
  readonly draw: () => void;
  /** The page has its network again. */
  readonly stop: () => void;
};

/** `signal` takes the hub's button away. */
export function actsView(
  session: Session,
  timeline: Timeline,
  hub: Pick<AllTabs, 'act' | 'removeHub'>,
  signal: () => AbortSignal,
): Acts {
  const subject = h('input', { name: 'subject', required: true, maxlength: '256', autocomplete: 'off', value: 'ada' });
  const login = h('form', {}, h('label', {}, 'Subject ', subject), h('button', {}, 'Log in'));
  const place = h('div', { class: 'place', hidden: true }, 'The hub’s button appears here.');
  const output = h('output');
  let hasTakenNetwork = false;

  async function perform(act: Act, run: () => unknown): Promise<void> {
    output.textContent = `${act} …`;
    const { members } = await timeline.perform(act, run);
    const { message } = Object(members.error) as Partial<Failure>;
    const outcome = String(lastOutcome(members));
    output.textContent = [`${act}: ${outcome}`, message, outcomeSentence(outcome)].filter(Boolean).join(' – ');
  }

  async function requestScope(): Promise<unknown> {
    place.hidden = false;
    try {
      return await session.requestScope({ element: place, label: 'Widen the scope', signal: signal() });
    } finally {
      place.hidden = true;
    }
  }

  /** The hub first: what it loses is lost when the page shows that it is offline. */
  async function switchNetwork(): Promise<void> {
    const act = isOffline() ? 'online' : 'offline';
    await perform(act, async () => {
      const outcome = await hub.act(act);
      hasTakenNetwork = act === 'offline';
      setOffline(hasTakenNetwork);
      return outcome === 'done' ? outcome : 'in the page alone';
    });
  }

  login.addEventListener('submit', (event) => {
    event.preventDefault();
    void perform('login', () => {
      session.beginLogin();
      return session.login({ subject: subject.value });
    });
  });
  const network = button('', switchNetwork);
  const ofAll = h(
    'div',
    { class: 'row' },
    button('Log out', () => perform('logout', session.logout)),
    button('Check', () => perform('check', session.check)),
    button('Touch', () => perform('touch', session.touch)),
    button('Request scope', () => perform('requestScope', requestScope)),
    button('Expire now', () => perform('expire', () => hub.act('expire'))),
    button('Idle now', () => perform('idle', () => hub.act('idle'))),
  );
  const ofPage = h(
    'div',
    { class: 'row' },
    network,
    button('Lose the hub', () => perform('lose the hub', () => (hub.removeHub() ? 'done' : 'lost'))),
  );
  const all = h('p', {}, 'They are real, and reach every tab:');
  return {
    element: part('Acts', all, login, ofAll, h('p', {}, 'Of this page alone:'), ofPage, place, output),
    draw() {
      network.textContent = isOffline() ? 'Go online' : 'Go offline';
    },
    stop() {
      if (!hasTakenNetwork) return;
      hasTakenNetwork = false;
      void hub.act('online');
      setOffline(false);
    },
  };
}
