// The part "All tabs": the tabs, what they did and when each was shown it, and the transcript of it. It asks the hub
// only while it is shown.

import { button, h, part } from './dom.js';
import { linkHub } from './hub-link.js';
import { save } from './report-view.js';
import { createTabs, type Tab } from './tabs.js';
import { tabsView } from './tabs-view.js';
import { acrossView } from './timeline-view.js';
import { transcriptOf } from './transcript.js';

export type AllTabs = {
  readonly element: HTMLElement;
  readonly start: () => () => void;
  readonly look: () => void;
  readonly watch: (isWatching: boolean) => void;
  readonly draw: () => void;
  /** `not-inspected`: the hub lets this page do nothing. */
  readonly act: (name: string) => Promise<string>;
  readonly removeHub: () => boolean;
};

const closed =
  'The hub has not answered. It answers where "inspect" of its configuration names this origin, as that of ' +
  '"npx lockstep dev" does.';
const untitled = 'A tab without a title has a page without an inspector: its hub cannot read that title.';
const half =
  'A tab that was not recorded from its beginning on, without a break while this panel was closed, is not in the ' +
  'transcript. Let all hubs start anew, and do again what went wrong.';

export function allTabsView(hub: string | undefined, isConnected: () => boolean, changed: () => void): AllTabs {
  const tabs = createTabs();
  const link = linkHub(hub, isConnected, (message) => {
    if (tabs.receive(message)) changed();
  });
  const state = h('p', { role: 'note' }, closed);
  const table = h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Tabs' });
  const titles = h('p', {}, untitled);
  const across = h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Timeline across tabs' });
  const secrets = h('input', { type: 'checkbox', name: 'with-secrets' });
  const output = h('output');

  function restart(): void {
    tabs.clear();
    link.restart();
    output.textContent = 'Every hub starts anew, and is recorded from there on.';
  }

  function saveTranscript(): void {
    const whole = tabs.all().filter(({ isComplete }) => isComplete);
    const config = tabs.config();
    if (whole.length === 0 || config === undefined) {
      output.textContent = half;
      return;
    }
    const { text, lost } = transcriptOf(whole, config, secrets.checked);
    save(text, 'lockstep-transcript.txt', 'text/plain');
    const missing = tabs.all().length - whole.length;
    output.textContent = [`${whole.length} tabs are in it.`, missing > 0 && half, lost > 0 && `${lost} inputs are not.`]
      .filter(Boolean)
      .join(' ');
  }

  const content = h(
    'div',
    { hidden: true },
    table,
    titles,
    h('h3', {}, 'Timeline across tabs'),
    across,
    h('label', {}, secrets, ' with subjects, session ids and claims'),
    h('div', { class: 'row' }, button('Start all hubs anew', restart), button('Save transcript', saveTranscript)),
    output,
  );

  return {
    element: part('All tabs', state, content),
    start: link.start,
    look: link.look,
    watch: link.watch,
    act: async (name) => (tabs.config() === undefined ? 'not-inspected' : link.act(name)),
    removeHub: link.remove,
    draw() {
      const isOpen = tabs.config() !== undefined;
      content.hidden = !isOpen;
      state.textContent = isOpen ? countOf(tabs.all()) : closed;
      if (!isOpen) return;
      table.replaceChildren(tabsView(tabs.all()));
      titles.hidden = tabs.all().every(({ title, left }) => left || title !== undefined);
      across.replaceChildren(acrossView(tabs.all()));
    },
  };
}

function countOf(tabs: readonly Tab[]): string {
  const there = tabs.filter(({ left }) => !left).length;
  return there === 1 ? 'No other tab shares the hub’s store.' : `${there} tabs share the hub’s store, with this one.`;
}
