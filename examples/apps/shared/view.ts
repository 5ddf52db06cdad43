// Draws what the app knows of the session. It reads snapshots and decides nothing.
// The `data-testid` attributes are what the end-to-end tests hold on to.

import type { Snapshot } from 'lockstep';
import { type AppName, appNames } from '../../places.js';
import { button, h } from './dom.js';
import { originHere } from './places-here.js';
import type { Tokens } from './sign-in.js';
import { type Entry, nameOf, whyEnded } from './timeline.js';

export type Acts = {
  readonly signIn: () => void;
  readonly switchUser: () => void;
  readonly signOut: () => void;
  readonly stay: () => void;
};

export type Shown = {
  readonly snapshot: Snapshot;
  readonly tokens: Tokens;
  /** Whose tokens this tab holds: all there is to show while Lockstep is unavailable. */
  readonly holder: string | undefined;
  readonly entries: readonly Entry[];
};

const titles: Readonly<Record<AppName, string>> = { portal: 'Portal', billing: 'Billing', reports: 'Reports' };

const time = (at: number): string => new Date(at).toLocaleTimeString('en-GB');
const initials = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .join('')
    .slice(0, 2)
    .toUpperCase();

export function after(ms: number): string {
  if (ms < 1) return '< 1 ms';
  if (ms < 10_000) return `${ms} ms`;
  return `${Math.round(ms / 1_000)} s`;
}

function header(app: AppName): HTMLElement {
  const links = appNames
    .filter((name) => name !== app)
    .map((name) =>
      h(
        'a',
        { href: `${originHere(name)}/`, target: '_blank', rel: 'noopener', 'data-testid': `open-${name}` },
        titles[name],
      ),
    );
  return h(
    'header',
    { class: 'bar' },
    h(
      'p',
      { class: 'brand' },
      h('span', { class: 'brand-mark', 'aria-hidden': 'true' }),
      'Acme ',
      h('strong', {}, titles[app]),
    ),
    h('nav', { 'aria-label': 'Other apps' }, ...links),
  );
}

function signedInCard(name: string, email: string, acts: Acts): readonly Node[] {
  return [
    h('span', { class: 'avatar', 'aria-hidden': 'true' }, initials(name)),
    h(
      'div',
      { class: 'who' },
      h('p', { class: 'name', 'data-testid': 'user' }, name),
      h('p', { class: 'muted' }, email),
    ),
    h(
      'div',
      { class: 'acts' },
      button('Switch user', 'switch-user', 'quiet', acts.switchUser),
      button('Sign out', 'sign-out', '', acts.signOut),
    ),
  ];
}

function signedOutCard(title: string, why: HTMLElement, acts: Acts): readonly Node[] {
  return [
    h('span', { class: 'avatar empty', 'aria-hidden': 'true' }),
    h('div', { class: 'who' }, h('p', { class: 'name' }, title), why),
    h('div', { class: 'acts' }, button('Sign in', 'sign-in', 'primary', acts.signIn)),
  ];
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function identity({ snapshot, holder }: Shown, acts: Acts): readonly Node[] {
  const { status, reason, endedBy, claims, error } = snapshot;
  if (status === 'connecting')
    return [h('span', { class: 'avatar empty' }), h('p', { class: 'muted' }, 'One moment …')];
  if (status === 'signed-in') {
    const email = claims?.email;
    return signedInCard(nameOf(snapshot), typeof email === 'string' ? email : '', acts);
  }
  if (status === 'unavailable') {
    const why = h('p', { class: 'muted', 'data-testid': 'error', 'data-code': error?.code }, error?.message ?? '');
    return holder === undefined
      ? signedOutCard('On its own', why, acts)
      : signedInCard(holder, 'in this tab alone', acts);
  }
  const why = h('p', { class: 'muted', 'data-testid': 'reason', 'data-reason': reason, 'data-ended-by': endedBy });
  why.append(reason === 'never' ? 'Nobody has signed in yet.' : `${capitalised(whyEnded(snapshot))}.`);
  return signedOutCard('You are signed out', why, acts);
}

const tokenTexts: Readonly<Record<Tokens, string>> = {
  none: 'none',
  asking: 'asking …',
  held: 'in memory',
  refused: 'sign in again',
};

function fact(label: string, testId: string, value: string): HTMLElement {
  return h('div', {}, h('dt', {}, label), h('dd', { 'data-testid': testId, 'data-value': value }, value));
}

function facts({ snapshot, tokens }: Shown): readonly Node[] {
  const { status, scope, medium, idleAt } = snapshot;
  return [
    fact('Status', 'status', status),
    fact('Scope', 'scope', scope),
    fact('Medium', 'medium', medium),
    fact('Own tokens', 'tokens', tokenTexts[tokens]),
    ...(idleAt === undefined ? [] : [fact('Idle at', 'idle-at', time(idleAt).slice(0, 5))]),
  ];
}

function timelineEntry({ kind, text, at, afterMs }: Entry): HTMLElement {
  return h(
    'li',
    { 'data-testid': 'timeline-entry', 'data-kind': kind, 'data-after-ms': afterMs },
    h('time', { datetime: new Date(at).toISOString() }, time(at)),
    h('span', { class: 'what' }, text),
    afterMs === undefined ? undefined : h('span', { class: 'after', title: 'after the act' }, after(afterMs)),
  );
}

function idleWarning(idleAt: number | undefined, acts: Acts): HTMLElement {
  const text = `Nobody has been active for a while. The session ends at ${idleAt === undefined ? 'any moment' : time(idleAt)}.`;
  return h(
    'div',
    { class: 'warning', role: 'alert', 'data-testid': 'idle-warning' },
    h('p', {}, text),
    button('Stay signed in', 'stay', 'primary', acts.stay),
  );
}

export type View = {
  readonly show: (shown: Shown) => void;
  readonly showIdleWarning: (idleAt: number | undefined) => void;
  readonly hideIdleWarning: () => void;
};

export function createView(root: HTMLElement, app: AppName, content: HTMLElement, acts: Acts): View {
  const warnings = h('div', { class: 'warnings' });
  const card = h('section', { class: 'card identity', 'aria-label': 'Who is signed in' });
  const story = h('ol', { class: 'timeline', reversed: '' });
  const figures = h('dl', { class: 'facts' });
  const page = h('section', { class: 'card content', 'data-testid': 'content' }, content);
  root.replaceChildren(
    header(app),
    h(
      'main',
      {},
      h('div', { class: 'column' }, warnings, card, page),
      h(
        'section',
        { class: 'card lockstep', 'aria-label': 'What Lockstep told this tab' },
        h('h2', {}, 'Lockstep in this tab'),
        figures,
        h('h3', {}, 'Told', h('span', { class: 'muted' }, 'after the act')),
        story,
      ),
    ),
  );
  let drawn: Node[] | readonly Node[] = [];
  return {
    show(shown) {
      const { snapshot, holder, entries } = shown;
      const isIn = snapshot.status === 'signed-in' || (snapshot.status === 'unavailable' && holder !== undefined);
      root.dataset.status = snapshot.status;
      page.inert = !isIn;
      page.classList.toggle('locked', !isIn);
      const next = identity(shown, acts);
      // Buttons stay the same elements while nothing about the user has changed, under a finger about to press them.
      if (
        next.map((node) => (node as Element).outerHTML).join() !==
        drawn.map((node) => (node as Element).outerHTML).join()
      ) {
        drawn = next;
        card.replaceChildren(...next);
      }
      figures.replaceChildren(...facts(shown));
      story.replaceChildren(...entries.map(timelineEntry).reverse());
    },
    showIdleWarning: (idleAt) => warnings.replaceChildren(idleWarning(idleAt, acts)),
    hideIdleWarning: () => warnings.replaceChildren(),
  };
}
