// Puts the page of an app together and keeps it up to date. It reads snapshots and decides nothing.
// The `data-testid` attributes are what the end-to-end tests hold on to.

import type { EpochMs, Snapshot } from 'lockstep';
import { type AppName, appNames } from '../../places.js';
import { button, h } from './dom.js';
import { facts } from './facts.js';
import { type IdentityActs, identity } from './identity.js';
import { originHere } from './places-here.js';
import type { Tokens } from './sign-in.js';
import { tabName } from './this-tab.js';
import type { Entry } from './timeline.js';
import { after, left, time } from './words.js';

export type Acts = IdentityActs & {
  readonly check: () => void;
  readonly callApi: () => void;
  readonly revoke: () => void;
  readonly stay: () => void;
};

export type Shown = {
  readonly snapshot: Snapshot;
  readonly tokens: Tokens;
  /** Whose tokens this tab holds: all there is to show while Lockstep is unavailable. */
  readonly holder: string | undefined;
  readonly entries: readonly Entry[];
};

const titles: Readonly<Record<AppName | 'login', string>> = {
  portal: 'Portal',
  billing: 'Billing',
  reports: 'Reports',
  login: 'Provider',
};

function header(app: AppName): HTMLElement {
  const links = ([...appNames, 'login'] as const)
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

function timelineEntry({ kind, text, at, afterMs }: Entry): HTMLElement {
  return h(
    'li',
    { 'data-testid': 'timeline-entry', 'data-kind': kind, 'data-after-ms': afterMs },
    h('time', { datetime: new Date(at).toISOString() }, time(at)),
    h('span', { class: 'what' }, text),
    afterMs === undefined ? undefined : h('span', { class: 'after', title: 'after the act' }, after(afterMs)),
  );
}

function idleWarning(acts: Acts, countdown: HTMLElement): HTMLElement {
  return h(
    'div',
    { class: 'warning', role: 'alert', 'data-testid': 'idle-warning' },
    h('p', {}, 'Nobody has been active for a while. You will be signed out in ', countdown, '.'),
    button('Stay signed in', 'stay', 'primary', acts.stay),
  );
}

const deeds = (acts: Acts): HTMLElement =>
  h(
    'div',
    { class: 'deeds' },
    button('Check now', 'check', '', acts.check),
    button('Call an API', 'call-api', '', acts.callApi),
    button('Revoke at the provider', 'revoke', '', acts.revoke),
  );

export type View = {
  readonly show: (shown: Shown) => void;
  /** The countdowns, as of now. */
  readonly tick: (now: EpochMs) => void;
  readonly showIdleWarning: () => void;
  readonly hideIdleWarning: () => void;
};

export function createView(root: HTMLElement, app: AppName, content: HTMLElement, acts: Acts): View {
  const warnings = h('div', { class: 'warnings' });
  const countdown = h('strong', { 'data-testid': 'idle-countdown' });
  const card = h('section', { class: 'card identity', 'aria-label': 'Who is signed in' });
  const story = h('ol', { class: 'timeline', reversed: '' });
  const figures = h('dl', { class: 'facts' });
  const provider = deeds(acts);
  const page = h('section', { class: 'card content', 'data-testid': 'content' }, content);
  root.replaceChildren(
    header(app),
    h(
      'main',
      {},
      h('div', { class: 'column' }, warnings, card, page),
      h(
        'section',
        { class: 'card lockstep', 'aria-label': 'What Lockstep reported to this tab' },
        h('h2', {}, 'Lockstep in this tab', h('span', { class: 'muted', 'data-testid': 'tab-name' }, tabName)),
        figures,
        provider,
        h('h3', {}, 'Events', h('span', { class: 'muted' }, 'after the act')),
        story,
      ),
    ),
  );
  let drawn: readonly Node[] = [];
  let shown: Shown | undefined;

  function tick(now: EpochMs): void {
    if (shown === undefined) return;
    const { snapshot, tokens } = shown;
    figures.replaceChildren(...facts(snapshot, tokens, now));
    countdown.textContent = snapshot.idleAt === undefined ? 'a moment' : left(snapshot.idleAt, now);
  }

  return {
    show(next) {
      shown = next;
      const { snapshot, holder, entries } = next;
      const isIn = snapshot.status === 'signed-in' || (snapshot.status === 'unavailable' && holder !== undefined);
      root.dataset.status = snapshot.status;
      page.inert = !isIn;
      page.classList.toggle('locked', !isIn);
      for (const each of provider.querySelectorAll('button')) each.disabled = snapshot.status !== 'signed-in';
      const nodes = identity(snapshot, holder, acts);
      // Buttons stay the same elements while nothing about the user has changed, under a finger about to press them.
      const textOf = (all: readonly Node[]) => all.map((node) => (node as Element).outerHTML).join();
      if (textOf(nodes) !== textOf(drawn)) {
        drawn = nodes;
        card.replaceChildren(...nodes);
      }
      story.replaceChildren(...entries.map(timelineEntry).reverse());
      tick(Date.now());
    },
    tick,
    showIdleWarning: () => warnings.replaceChildren(idleWarning(acts, countdown)),
    hideIdleWarning: () => warnings.replaceChildren(),
  };
}
