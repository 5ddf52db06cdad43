// @vitest-environment happy-dom
// The list of tabs over the reports of hubs that come, go and start anew, and the timeline of what they report.

import { describe, expect, test } from 'vitest';
import { rowsOf } from '../../../js-glue/inspector/across.js';
import { membersOf } from '../../../js-glue/inspector/json.js';
import { createTabs, type Tabs } from '../../../js-glue/inspector/tabs.js';
import { tabsView } from '../../../js-glue/inspector/tabs-view.js';
import { acrossView, timelineView } from '../../../js-glue/inspector/timeline-view.js';

const entry = (at: number, input: string, effects: readonly string[] = [], took = 0) => ({
  ...{ at, took, now: at, input, effects },
});
const running = { origin: 'https://a.acme.com', visible: true, frozen: false, left: false, lock: false, stream: false };
const start = entry(1, 'start w | own-storage');

function report(tabs: Tabs, hub: string, entries: readonly object[] = [], state: object = {}): void {
  tabs.receive({ type: 'report', hub, entries, state: { ...running, ...state } });
}
const inspecting = (tabs: Tabs, id = 'own') => tabs.receive({ type: 'inspecting', id, config: '{}' });
const inputs = (tabs: Tabs) => tabs.all().map(({ name, entries }) => [name, ...entries.map(({ input }) => input)]);

describe('the list of tabs', () => {
  test('begins anew when the panel is opened: who does not report is gone, who does keeps name and entries', () => {
    const tabs = createTabs();
    inspecting(tabs);
    report(tabs, 'own', [start]);
    report(tabs, 'closed meanwhile', [start]);
    report(tabs, 'other', [start]);
    inspecting(tabs);
    expect(tabs.all()).toEqual([]);
    report(tabs, 'own');
    report(tabs, 'other', [entry(5, 'hides')]);
    report(tabs, 'new', [entry(6, 'start x | own-storage')]);
    expect(inputs(tabs)).toEqual([
      ['A', start.input],
      ['C', start.input, 'hides'],
      ['D', 'start x | own-storage'],
    ]);
  });

  test('a tab that nobody has recorded for a while is not complete, so that no transcript lacks an input', () => {
    const tabs = createTabs();
    inspecting(tabs);
    report(tabs, 'own', [start]);
    report(tabs, 'own', [entry(2, 'hides')]);
    expect(tabs.all().map(({ isComplete }) => isComplete)).toEqual([true]);
    inspecting(tabs);
    report(tabs, 'own');
    report(tabs, 'new', [start]);
    report(tabs, 'own', [entry(3, 'shows')]);
    expect(tabs.all().map(({ isComplete }) => isComplete)).toEqual([false, true]);
  });

  test('has no hub of before another inspector has started all anew, also when its last report comes late', () => {
    const tabs = createTabs();
    inspecting(tabs);
    report(tabs, 'own', [start]);
    report(tabs, 'other', [start]);
    inspecting(tabs, 'own anew');
    report(tabs, 'own anew', [start]);
    report(tabs, 'other', [entry(4, 'hides')]);
    report(tabs, 'other', [entry(5, 'leaves')], { left: true });
    report(tabs, 'other anew', [start]);
    expect(tabs.all().map(({ isOwn, isComplete }) => [isOwn, isComplete])).toEqual([
      [true, true],
      [false, true],
    ]);
  });

  test('says nothing of what a tab shows that has left', () => {
    const tabs = createTabs();
    const shown = (revision: number) => JSON.stringify({ session: `${revision}.a`, snapshot: { status: 'signed-in' } });
    report(tabs, 'one', [], { shown: shown(3) });
    report(tabs, 'two', [], { shown: shown(1), left: true });
    const [there, left] = [...tabsView(tabs.all()).querySelectorAll('tbody tr')].map((row) => row.textContent);
    expect(there).toContain('in step');
    expect(left).toContain('left');
    expect(left).not.toMatch(/in step|behind/);
  });
});

describe('the timeline across tabs', () => {
  test('shows the code of a refused request', () => {
    const tabs = createTabs();
    const reply = { type: 'reply', id: 1, error: { code: 'forbidden', message: 'This origin may not do this.' } };
    report(tabs, 'one', [entry(1, 'says {"type":"logout","id":1}', [`tells its app ${JSON.stringify(reply)}`])]);
    const [act, outcome] = rowsOf(tabs.all());
    expect(act).toMatchObject({ kind: 'act', what: 'logout' });
    expect(outcome).toMatchObject({ kind: 'event', what: 'forbidden', details: 'This origin may not do this.' });
  });

  test('shows a write before the storage events that it causes, and an act before its write', () => {
    const tabs = createTabs();
    const text = '{"created":[3,"w"],"updated":[3,"w"],"subject":"ada"}';
    report(tabs, 'before', [entry(100.5, `storage-event ${text}`)]);
    report(tabs, 'acts', [entry(101, 'says {"type":"login"}', ['asks for the lock', `stores ${text}`], 4)]);
    report(tabs, 'after', [entry(102, `storage-event ${text}`), entry(107, 'hides')]);
    // The same text again: the events of before are not of this write.
    report(tabs, 'late', [entry(106, 'wakes', [`stores ${text}`])]);
    const rows = rowsOf(tabs.all());
    expect(rows.map(({ tab, what }) => `${tab.name} ${what}`)).toEqual([
      ...['B login', 'B asks for the lock', 'B stores', 'A storage event', 'C storage event'],
      ...['D wakes', 'D stores', 'C hides'],
    ]);
    expect([...rows].sort((one, other) => one.at - other.at)).toEqual(rows);
  });

  test('nothing in either timeline is a sentence, and a time has its unit in its cell', () => {
    expect([acrossView([]), timelineView([])].map(({ textContent }) => textContent)).toEqual([
      'Nothing recorded yet.',
      'Nothing recorded yet.',
    ]);
    const act = { at: 1, kind: 'act', name: 'logout', ms: 12, members: {} } as const;
    expect(timelineView([act]).querySelector('td:nth-child(4)')?.textContent).toBe('12 ms');
  });
});

/** JSON can say of an object that it cannot become a text. */
const stubborn = '{"toString":null,"valueOf":null}';
test.each([
  ['an app says', `says {"type":${stubborn},"id":1}`, []],
  ['an event has', 'timer', [`tells its app {"type":"changed","events":[{"type":${stubborn}}],"snapshot":{}}`]],
  ['an event is', 'timer', ['tells its app {"type":"changed","events":[null],"snapshot":{}}']],
  ['an error has', 'timer', [`tells its app {"type":"reply","error":{"code":${stubborn},"message":${stubborn}}}`]],
  ['a record has', 'timer', [`stores {"created":1,"updated":[${stubborn}],"subject":${stubborn}}`]],
  ['an end has', 'timer', [`stores {"created":1,"updated":[1],"ended":{"reason":${stubborn},"by":${stubborn}}}`]],
  ['a hub reports', 'timer', [JSON.parse(stubborn)]],
])('what %s blinds nobody to what others do', (_, input, effects) => {
  const tabs = createTabs();
  inspecting(tabs);
  const message = {
    type: 'report',
    hub: 'other',
    state: running,
    entries: [entry(1, input, effects), entry(2, 'hides')],
  };
  tabs.receive(membersOf(JSON.stringify(message)));
  expect(acrossView(tabs.all()).textContent).toContain('hides');
});
