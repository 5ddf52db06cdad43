// @vitest-environment happy-dom
// The report: what leaves the page, and what somebody else's may hold.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { mountInspector } from '../../../js-glue/inspector/index.js';
import { parseReport, reportBytesMax, version } from '../../../js-glue/inspector/report.js';
import { createTestSession, type TestSession } from '../../../js-glue/testing/index.js';
import manifest from '../../../package.json' with { type: 'json' };

let session: TestSession;
let unmount: () => void;
let copied: string[];

beforeEach(() => {
  copied = [];
  vi.spyOn(navigator.clipboard, 'writeText').mockImplementation(async (text) => void copied.push(text));
  session = createTestSession();
  unmount = mountInspector(session, { parent: document.body });
  session.signIn({ subject: 'ada', sessionId: 's-1', claims: { name: 'Lovelace' } });
  session.signIn({ subject: 'grace', claims: { name: 'Hopper' } });
  session.fail('timeout');
  session.signIn({ subject: 'grace', sessionId: 's-2', claims: { name: 'Hopper' } });
});
afterEach(() => {
  unmount();
  vi.restoreAllMocks();
});

const root = () => document.querySelector('lockstep-inspector')?.shadowRoot as ShadowRoot;
const box = (name: string) => root().querySelector<HTMLInputElement>(`input[name=${name}]`) as HTMLInputElement;
function press(name: string): void {
  [...root().querySelectorAll('button')].find((button) => button.textContent === name)?.click();
}
async function exported(): Promise<string> {
  press('Copy');
  await vi.waitFor(() => expect(root().textContent).toContain('Copied.'));
  return copied.at(-1) ?? '';
}
async function imported(text: string): Promise<void> {
  const input = root().querySelector<HTMLInputElement>('input[type=file]') as HTMLInputElement;
  Object.defineProperty(input, 'files', { value: [new File([text], 'report.json')], configurable: true });
  input.dispatchEvent(new Event('change'));
}

test("the report's version is the package's", () => {
  expect(version).toBe(manifest.version);
});

test('subjects, session ids and claims are left out, wherever they were shown', async () => {
  const text = await exported();
  for (const secret of ['ada', 'grace', 's-1', 's-2', 'Lovelace', 'Hopper']) expect(text).not.toContain(secret);
  const report = JSON.parse(text);
  expect(report).toMatchObject({ lockstepInspector: 1, version, userAgent: navigator.userAgent });
  expect(report.snapshot).toMatchObject({ status: 'signed-in', scope: 'shared' });
  expect(report.timeline.map(({ name }: { name: string }) => name)).toContain('user-change');
  expect(text).toContain('"code": "timeout"');
});

test('what a newer hub shows is left out, too: it may be a name', async () => {
  session.signIn({ subject: 'grace', tenant: 'acme-7', idleAt: 5 } as object);
  expect(await exported()).not.toContain('acme-7');
  expect(await exported()).toContain('"idleAt": 5');
  box('with-subject').checked = true;
  expect(await exported()).toContain('acme-7');
});

test('each is in it where the user has ticked it', async () => {
  box('with-subject').checked = true;
  const named = await exported();
  for (const shown of ['ada', 'grace', 's-1']) expect(named).toContain(shown);
  expect(named).not.toContain('Hopper');
  box('with-claims').checked = true;
  expect(await exported()).toContain('Hopper');
});

test('where the browser does not copy, the panel says so', async () => {
  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('not allowed'));
  press('Copy');
  await vi.waitFor(() => expect(root().textContent).toContain('Save it instead.'));
});

test('it is saved as a file', async () => {
  const blobs: Blob[] = [];
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => `blob:${blobs.push(blob as Blob)}`);
  const revoked = vi.spyOn(URL, 'revokeObjectURL').mockImplementation(() => undefined);
  press('Save');
  expect(parseReport((await blobs[0]?.text()) ?? '').timeline.length).toBeGreaterThan(4);
  expect(revoked).toHaveBeenCalledTimes(1);
});

test("another's report is shown, and closed again", async () => {
  const report = { ...JSON.parse(await exported()), origin: 'https://portal.acme.com' };
  await imported(JSON.stringify(report));
  await vi.waitFor(() => expect(root().querySelector('article')).not.toBeNull());
  expect(root().querySelector('article')?.textContent).toContain('Report of https://portal.acme.com');
  expect(root().querySelectorAll('article tbody tr').length).toBe(report.timeline.length);
  press('Close the report');
  expect(root().querySelector('article')).toBeNull();
});

const valid = () => ({
  lockstepInspector: 1,
  version: '0.1.0',
  createdAt: 1_700_000_000_000,
  origin: 'https://portal.acme.com',
  userAgent: 'a browser',
  snapshot: { status: 'connecting' },
  timeline: [{ at: 1_700_000_000_000, kind: 'act', name: 'check', members: {} }],
});

test.each([
  ['no JSON', 'nothing', 'The file is neither a report, which is JSON, nor a transcript'],
  ['null', 'null', 'This is no report.'],
  ['a list', '[]', 'This is no report.'],
  ['another format', JSON.stringify({ ...valid(), lockstepInspector: 2 }), 'no report of this inspector’s format'],
  ['no timeline', JSON.stringify({ ...valid(), timeline: {} }), 'no timeline'],
  ['a long timeline', JSON.stringify({ ...valid(), timeline: Array(1_001).fill(valid().timeline[0]) }), 'no timeline'],
  ['an entry of another kind', JSON.stringify({ ...valid(), timeline: [{ kind: 'x' }] }), 'unknown entry'],
  ['a time beyond all dates', JSON.stringify({ ...valid(), createdAt: 1e300 }), 'lacks a time'],
  ['a number for a text', JSON.stringify({ ...valid(), origin: 7 }), 'lacks a text'],
  ['too much', ' '.repeat(reportBytesMax + 1), 'larger than a report can be'],
])('a hostile report is refused with a sentence: %s', async (_, text, sentence) => {
  await imported(text);
  await vi.waitFor(() => expect(root().textContent).toContain(sentence));
  expect(root().querySelector('article')).toBeNull();
});

test('what a report does not have of us is left out, and markup in it is text', async () => {
  const markup = '<img src=x onerror=alert(1)>';
  expect(parseReport(JSON.stringify({ ...valid(), more: markup }))).toEqual(valid());
  await imported(JSON.stringify({ ...valid(), origin: markup, snapshot: { [markup]: markup } }));
  await vi.waitFor(() => expect(root().querySelector('article')?.textContent).toContain(markup));
  expect(root().querySelector('img')).toBeNull();
});
