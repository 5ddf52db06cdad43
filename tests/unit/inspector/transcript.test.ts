// What hubs report becomes a transcript that every replay understands, and a transcript becomes tabs again.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rowsOf } from '../../../js-glue/inspector/across.js';
import { createTabs, standingOf, type Tab } from '../../../js-glue/inspector/tabs.js';
import { parseTranscript, transcriptOf } from '../../../js-glue/inspector/transcript.js';
import { loadHub } from '../hub/load.js';
import { replay } from '../hub/transcript.js';

const folder = new URL('../../transcripts/', import.meta.url);
const recorded = readFileSync(new URL('K2.1-recorded-in-a-browser.txt', folder), 'utf8');
const config = /^config (.*)$/m.exec(recorded)?.[1] ?? '';
const entry = (at: number, input: string, effects: readonly string[] = []) => ({
  at,
  took: 1,
  now: at,
  input,
  effects,
});
const changed = (type: string, session: string) =>
  `tells its app ${JSON.stringify({ session, snapshot: { status: 'signed-in' }, events: [{ type }] })}`;
const state = {
  origin: 'https://portal.acme.com',
  visible: true,
  frozen: false,
  left: false,
  lock: false,
  stream: false,
};

function reported(...reports: readonly object[]): readonly Tab[] {
  const tabs = createTabs();
  for (const report of reports) tabs.receive({ type: 'report', state, ...report });
  return tabs.all();
}

describe('a transcript', () => {
  test('of a browser is read, written again, and replayed by the WebAssembly with the same effects', async () => {
    const { text, lost } = transcriptOf(parseTranscript(recorded), config, true);
    expect(lost).toBe(0);
    expect(parseTranscript(text)).toHaveLength(3);
    expect((await replay(recorded, loadHub)).story).toBe(recorded);
  });

  test('says what the store showed and what time it was, once for each change', () => {
    const read = { ...entry(1_000_005, 'says {}'), read: '{"format":1}' };
    const [tab] = reported({
      hub: 'h',
      entries: [entry(1_000_000, 'start w hidden | own-storage possible'), read, { ...read }],
    });
    const { text } = transcriptOf([tab as Tab], '{}', true);
    expect(text.split('\n').slice(2)).toEqual([
      ...['config {}', 'capabilities own-storage possible', 'start A w hidden', 'clock +5', 'store {"format":1}'],
      ...['A says {}', 'A says {}', ''],
    ]);
  });

  test('counts what no line can say', () => {
    const [tab] = reported({
      hub: 'h',
      entries: [entry(1, 'start w | nothing'), { at: 2, took: 0, now: 2, effects: [] }],
    });
    expect(transcriptOf([tab as Tab], '{}', false).lost).toBe(1);
  });

  test.each(readdirSync(folder).filter((name) => name.endsWith('.txt')))('%s can be shown', (name) => {
    const tabs = parseTranscript(readFileSync(new URL(name, folder), 'utf8'));
    expect(rowsOf(tabs).length).toBeGreaterThan(0);
  });

  test.each(['', 'nothing\n', '# a remark\n', `${'x'.repeat(100)}\n`])('%j is none', (text) => {
    expect(() => parseTranscript(text)).toThrow('This is no transcript');
  });
});

describe('tabs', () => {
  test('whoever shows an earlier session than another is behind', () => {
    const shown = (session: string) => JSON.stringify({ session, snapshot: { status: 'signed-in', subject: 'ada' } });
    const tabs = reported(
      { hub: 'one', entries: [], state: { ...state, shown: shown('3.a') } },
      { hub: 'two', entries: [], state: { ...state, shown: shown('1.a') } },
      { hub: 'three', entries: [] },
    );
    expect(tabs.map((tab) => standingOf(tab, tabs))).toEqual(['in step', 'behind', 'shows nothing yet']);
  });

  test('an event has the time from the act to each tab', () => {
    const tabs = reported(
      { hub: 'one', entries: [entry(100, 'says {"type":"login","id":1}', [changed('login', '1.a')])] },
      { hub: 'two', entries: [entry(104, 'storage-event {}', [changed('login', '1.a')])] },
    );
    const events = rowsOf(tabs).filter(({ kind }) => kind === 'event');
    expect(events.map(({ tab, what, ms }) => [tab.name, what, ms])).toEqual([
      ['A', 'login', 1],
      ['B', 'login', 5],
    ]);
  });

  test('hubs of before a new start are not taken for others, and what is no report is none', () => {
    const tabs = createTabs();
    const report = { type: 'report', hub: 'old', state, entries: [] };
    expect(tabs.receive(report)).toBe(true);
    tabs.clear();
    expect(tabs.receive(report)).toBe(false);
    for (const wrong of [{}, { type: 'report' }, { type: 'report', hub: 'x', entries: 'all' }])
      expect(tabs.receive(wrong)).toBe(false);
    expect(tabs.receive({ type: 'report', hub: 'x', state: null, entries: [null, { effects: 1, at: 'x' }] })).toBe(
      true,
    );
    expect(tabs.all()).toMatchObject([
      {
        origin: '',
        entries: [
          { at: 0, effects: [] },
          { at: 0, effects: [] },
        ],
      },
    ]);
  });
});
