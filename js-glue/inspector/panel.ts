// The button and its panel, in a shadow root. It listens while its element is in a document, draws while it is
// open and visible, and runs a timer only where it draws a countdown.

import type { Session } from 'lockstep';
import { actsView } from './acts-view.js';
import { allTabsView } from './all-tabs-view.js';
import { button, h, part } from './dom.js';
import { reportView } from './report-view.js';
import { stateView, tick } from './state-view.js';
import { adoptStyle } from './style.js';
import { createTimeline } from './timeline.js';
import { timelineView } from './timeline-view.js';

export type Panel = {
  readonly start: () => void;
  readonly stop: () => void;
};

const tickMs = 1_000;
const networkEvents = ['offline', 'online'];

/** `hub`: the URL of the session's, where the page has others. */
export function createPanel(session: Session, root: ShadowRoot, initiallyOpen: boolean, hub?: string): Panel {
  const timeline = createTimeline(session, changed);
  const isConnected = () => session.getSnapshot().status !== 'connecting';
  const allTabs = allTabsView(hub, isConnected, draw);
  const acts = actsView(session, timeline, allTabs, () => asking.signal);
  const status = h('span', { role: 'status' });
  const toggle = button('Lockstep ', () => open(!isOpen()), { class: 'toggle', 'aria-controls': 'panel' });
  const state = h('div');
  const table = h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Timeline' });
  const panel = h(
    'section',
    { id: 'panel', class: 'panel', 'aria-label': 'Lockstep inspector', tabindex: '-1' },
    part('This tab', state),
    acts.element,
    part('Timeline of this tab', table),
    allTabs.element,
    reportView(session.getSnapshot, timeline),
  );
  let asking = new AbortController();
  let stopFollowing: (() => void) | undefined;
  let stopLink: (() => void) | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let isDrawing = false;

  const isOpen = () => !panel.hidden;

  function open(shouldOpen: boolean): void {
    panel.hidden = !shouldOpen;
    toggle.setAttribute('aria-expanded', String(shouldOpen));
    if (!shouldOpen) cancelRequest();
    allTabs.watch(shouldOpen);
    draw();
  }

  function changed(): void {
    allTabs.look();
    draw();
  }

  /** The hub's button lies over the panel, and must not stay without it. */
  function cancelRequest(): void {
    asking.abort();
    asking = new AbortController();
  }

  /** Once for all that one task changes. */
  function draw(): void {
    if (isDrawing) return;
    isDrawing = true;
    queueMicrotask(() => {
      isDrawing = false;
      if (stopFollowing) drawNow();
    });
  }

  function drawNow(): void {
    const snapshot = session.getSnapshot();
    status.textContent = snapshot.status;
    status.dataset.kind = snapshot.status;
    const isSeen = isOpen() && document.visibilityState === 'visible';
    if (isSeen) {
      state.replaceChildren(stateView(snapshot, timeline));
      table.replaceChildren(timelineView(timeline.entries(), timeline.dropped()));
      acts.draw();
      allTabs.draw();
    }
    const hasDeadline = snapshot.expiresAt !== undefined || snapshot.idleAt !== undefined;
    setTimer(isSeen && hasDeadline);
  }

  function setTimer(isWanted: boolean): void {
    if (isWanted === (timer !== undefined)) return;
    clearInterval(timer);
    timer = isWanted ? setInterval(() => tick(state), tickMs) : undefined;
  }

  root.addEventListener('keydown', (event) => {
    if ((event as KeyboardEvent).key !== 'Escape' || !isOpen()) return;
    open(false);
    toggle.focus();
  });
  status.className = 'badge';
  toggle.append(status);
  adoptStyle(root);
  root.append(toggle, panel);
  open(initiallyOpen);

  return {
    start() {
      stopFollowing ??= timeline.follow();
      stopLink ??= allTabs.start();
      document.addEventListener('visibilitychange', draw);
      // Another inspector of this page may do that.
      for (const type of networkEvents) addEventListener(type, draw);
      draw();
    },
    stop() {
      acts.stop();
      stopFollowing?.();
      stopFollowing = undefined;
      stopLink?.();
      stopLink = undefined;
      document.removeEventListener('visibilitychange', draw);
      for (const type of networkEvents) removeEventListener(type, draw);
      setTimer(false);
      cancelRequest();
    },
  };
}
