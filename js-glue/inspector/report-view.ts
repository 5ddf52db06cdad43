// Export and import of reports. Nothing is sent anywhere: a report leaves the page by the clipboard or as a file.

import { button, h, part } from './dom.js';
import { createReport, parseReport, type Report, reportBytesMax, type Wanted } from './report.js';
import { type Members, plain, type Timeline } from './timeline.js';
import { timelineView } from './timeline-view.js';
import { timeOf } from './words.js';

export function reportView(snapshot: () => object, timeline: Timeline): HTMLElement {
  const subject = h('input', { type: 'checkbox', name: 'with-subject' });
  const claims = h('input', { type: 'checkbox', name: 'with-claims' });
  const file = h('input', { type: 'file', accept: 'application/json,.json' });
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
      if (chosen.size > reportBytesMax) throw new Error('The file is larger than a report can be.');
      shown.append(importedView(parseReport(await chosen.text()), () => shown.replaceChildren()));
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
      button('Save', () => save(text())),
    ),
    h('label', {}, 'Show a report ', file),
    output,
    shown,
  );
}

function save(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  h('a', { href: url, download: 'lockstep-report.json' }).click();
  URL.revokeObjectURL(url);
}

function importedView(report: Report, close: () => void): HTMLElement {
  const { origin, version, createdAt, userAgent, snapshot, timeline } = report;
  const day = new Date(createdAt).toLocaleDateString();
  return h(
    'article',
    { 'aria-label': 'A report' },
    h('h3', {}, `Report of ${origin}`),
    h('p', {}, `${day}, ${timeOf(createdAt)}, inspector ${version}, ${userAgent}`),
    h('pre', { tabindex: '0', 'aria-label': 'Snapshot' }, indented(snapshot)),
    h('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Its timeline' }, timelineView(timeline)),
    button('Close the report', close),
  );
}

const indented = (members: Members): string => JSON.stringify(members, undefined, 2);
