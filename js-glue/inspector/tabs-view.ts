// All tabs as a table: who each is, what its page does, what it shows, and what it holds for all.

import { type Child, h } from './dom.js';
import { tableOf } from './table.js';
import { standingOf, type Tab } from './tabs.js';

export function tabsView(tabs: readonly Tab[]): HTMLElement {
  const there = tabs.filter(({ left }) => !left);
  const rows = tabs.map((tab) => [
    [h('strong', {}, tab.name), tab.isOwn && ' this tab'],
    [tab.origin || 'no app yet', tab.title !== undefined && h('p', {}, tab.title)],
    [pageOf(tab)],
    sessionOf(tab, there),
    [tab.lock && badge('duty and lock'), tab.stream && badge('stream')],
  ]);
  return tableOf(['Tab', 'Origin', 'Page', 'Session', 'Holds'], rows, 'tabs');
}

function pageOf({ left, frozen, visible }: Tab): string {
  if (left) return 'left';
  if (frozen) return 'frozen';
  return visible ? 'visible' : 'hidden';
}

function sessionOf(tab: Tab, tabs: readonly Tab[]): readonly Child[] {
  const { status, subject } = tab.shown ?? {};
  if (tab.left) return [status && badge(status, status), subject];
  const standing = standingOf(tab, tabs);
  const kind = { 'in step': 'shared', behind: 'error', 'shows nothing yet': 'connecting' }[standing];
  return [status && badge(status, status), badge(standing, kind), subject];
}

function badge(text: string, kind?: string): HTMLElement {
  return h('span', { class: 'badge', 'data-kind': kind }, text);
}
