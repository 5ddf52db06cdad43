// Acts to try on the session, each with what came of it. They are real: a logout here signs out every tab.

import type { Session } from 'lockstep';
import { button, h, part } from './dom.js';
import { type Act, type Failure, lastOutcome, type Timeline } from './timeline.js';
import { cureOf } from './words.js';

/** `signal` takes the hub's button away. */
export function actsView(session: Session, timeline: Timeline, signal: () => AbortSignal): HTMLElement {
  const subject = h('input', { name: 'subject', required: true, maxlength: '256', autocomplete: 'off', value: 'ada' });
  const login = h('form', {}, h('label', {}, 'Subject ', subject), h('button', {}, 'Log in'));
  const place = h('div', { class: 'place', hidden: true }, 'The hub’s button appears here.');
  const output = h('output');

  async function perform(act: Act, run: () => unknown): Promise<void> {
    output.textContent = `${act} …`;
    const { members } = await timeline.perform(act, run);
    const { message } = Object(members.error) as Partial<Failure>;
    const outcome = String(lastOutcome(members));
    output.textContent = [`${act}: ${outcome}`, message, cureOf(outcome)].filter(Boolean).join(' – ');
  }

  async function requestScope(): Promise<unknown> {
    place.hidden = false;
    try {
      return await session.requestScope({ element: place, label: 'Widen the scope', signal: signal() });
    } finally {
      place.hidden = true;
    }
  }

  login.addEventListener('submit', (event) => {
    event.preventDefault();
    void perform('login', () => {
      session.beginLogin();
      return session.login({ subject: subject.value });
    });
  });
  const others = h(
    'div',
    { class: 'row' },
    button('Log out', () => perform('logout', session.logout)),
    button('Check', () => perform('check', session.check)),
    button('Touch', () => perform('touch', session.touch)),
    button('Request scope', () => perform('requestScope', requestScope)),
  );
  return part('Acts', h('p', {}, 'They are real, and reach every tab.'), login, others, place, output);
}
