// Export and import of reports. Nothing is sent anywhere: a report leaves the page by the clipboard or as a file.

import { button, h, part } from './dom.js';
import { createReport, parseReport, type Report, type Wanted } from './report.js';
import type { Tab } from './tabs.js';
import { tabsView } from './tabs-view.js';
import { type Members, plain, type Timeline } from './timeline.js';
import { acrossView, timelineView } from './timeline-view.js';
import { parseTranscript, transcriptCharsMax } from './transcript.js';
import { dayOf, timeOf } from './words.js';

export function reportView(snapshot: () => object, timeline: Timeline): HTMLElement {
  const subject = h('input', { type: 'checkbox', name: 'with-subject' });
  const claims = h('input', { type: 'checkbox', name: 'with-claims' });
  const file = h('input', { type: 'file', accept: 'application/json,.json,text/plain,.txt' });
  const output = h('output');
  const shown = h('div');

  const text = () => {
    const wanted: Wanted = { subject: subject.checked, claims: claims.checked };
    return JSON.stringify(createReport(plain(snapshot()), timeline.entries(), wanted), undefined, 2);
  };

  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text());
      output.textContent = 'Copied.';
    } catch {
      // Over plain http there is no clipboard, and elsewhere the user may refuse it.
      output.textContent = 'The browser does not let this page copy. Save it instead.';
    }
  }

  async function read(): Promise<void> {
    const [chosen] = file.files ?? [];
    if (!chosen) return;
    shown.replaceChildren();
    try {
      if (chosen.size > transcriptCharsMax) throw new Error('The file is larger than a transcript can be.');
      shown.append(viewOf(await chosen.text(), () => shown.replaceChildren()));
      output.textContent = '';
    } catch (error) {
      output.textContent = (error as Error).message;
    }
    // So that the same file can be chosen again.
    file.value = '';
  }

  file.addEventListener('change', () => void read());
  return part(
    'Report',
    h('label', {}, subject, ' with subject and session id'),
    h('label', {}, claims, ' with claims'),
    h(
      'div',
      { class: 'row' },
      button('Copy', copy),
      button('Save', () => save(text(), 'lockstep-report.json', 'application/json')),
    ),
    h('label', {}, 'Show a report or a transcript ', file),
    output,
    shown,
  );
}

export function save(text: string, name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  h('a', { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}

/** A transcript begins with a remark, or with what every tab needs. */
const transcriptStart = /^(#|(config|open|start|capabilities|clock|store) )/;

function viewOf(text: string, close: () => void): HTMLElement {
  return transcriptStart.test(text)
    ? transcriptView(parseTranscript(text), close)
    : importedView(parseReport(text), close);
}

function transcriptView(tabs: readonly Tab[], close: () => void): HTMLElement {
  return h(
    'article',
    { 'aria-label': 'A transcript' },
    h('h3', {}, `Transcript of ${tabs.length} tabs`),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Its tabs' }, tabsView(tabs)),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Its timeline' }, acrossView(tabs)),
    button('Close the transcript', close),
  );
}

function importedView(report: Report, close: () => void): HTMLElement {
  const { origin, version, createdAt, userAgent, snapshot, timeline } = report;
  return h(
    'article',
    { 'aria-label': 'A report' },
    h('h3', {}, `Report of ${origin}`),
    h('p', {}, `${dayOf(createdAt)}, ${timeOf(createdAt)}, inspector ${version}, ${userAgent}`),
    h('pre', { tabindex: '0', 'aria-label': 'Snapshot' }, indented(snapshot)),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Its timeline' }, timelineView(timeline)),
    button('Close the report', close),
  );
}

const indented = (members: Members): string => JSON.stringify(members, undefined, 2);
