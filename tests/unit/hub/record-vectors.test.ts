// The record vectors through the built WebAssembly: what an app is shown of a stored record, and the text that its hub
// writes back.

import { describe, expect, test } from 'vitest';
import { effectsOf, jsonOf, now, vectorsOf } from './vectors.js';

type Times = { readonly signedInAt: number; readonly activeAt: number; readonly expiresAt?: number };
type Record = Times & {
  readonly created: readonly [number, string];
  readonly ended?: { readonly reason: string; readonly by?: string };
  readonly subject: string;
  readonly sessionId?: string;
  readonly claims?: string;
};
type Readable = { readonly record: Record; readonly canonical?: string };

const open = 'open A https://portal.acme.com';
const known = `{"format":1,"created":[1,"a"],"updated":[1,"a"],"subject":"ada","signedInAt":0,"activeAt":0}`;

/** Moves the clock to where no time that has passed lies in the future. */
const clockOf = ({ signedInAt, activeAt }: Times) => `clock +${Math.max(signedInAt, activeAt, now) - now}`;

/** A session beyond its `expiresAt` is ended when it is read. */
const lives = ({ signedInAt, activeAt, expiresAt = Number.POSITIVE_INFINITY }: Times) =>
  Math.max(signedInAt, activeAt, now) < expiresAt;

async function welcomeOf(...lines: string[]) {
  const effects = await effectsOf(...lines, open);
  return { effects, welcome: jsonOf(effects, 'tells its app') ?? '' };
}

const readable = [
  ...vectorsOf<Readable>('record/valid.json'),
  ...vectorsOf<Readable>('record/unknown-members.json'),
].filter(({ record }) => record.ended || lives(record));

describe.each(readable)('$name', ({ text, canonical = text, record }) => {
  const { created, ended, subject, sessionId, signedInAt, expiresAt, claims } = record;

  test('the app is shown each member of the record', async () => {
    const { welcome } = await welcomeOf(clockOf(record), `store ${text}`);
    const { session, snapshot } = JSON.parse(welcome);
    expect(session).toBe(ended ? undefined : created.join('.'));
    expect(snapshot).toMatchObject({ status: ended ? 'signed-out' : 'signed-in' });
    expect({ ...snapshot, claims: undefined }).toEqual({
      ...{ status: snapshot.status, scope: snapshot.scope, medium: snapshot.medium, upgrade: snapshot.upgrade },
      ...(ended ? { reason: ended.reason, endedBy: ended.by } : { subject, sessionId, signedInAt, expiresAt }),
    });
    expect(/"claims":(.*),"signedInAt"/s.exec(welcome)?.[1]).toBe(claims);
  });

  test('a hub whose store was emptied unseen writes the canonical text back', async () => {
    const effects = await effectsOf(clockOf(record), `store ${text}`, open, 'store absent', 'A wakes');
    expect(jsonOf(effects, 'stores')).toBe(canonical);
  });
});

test('most records of the vectors can be shown at a time before their end', () => {
  expect(readable.length).toBeGreaterThanOrEqual(20);
});

test.each(vectorsOf('record/unreadable.json'))('is put right by a hub that knows better: $name', async ({ text }) => {
  const effects = await effectsOf(`store ${known}`, open, `store ${text}`, 'A wakes');
  expect(effects).toEqual([`stores ${known}`]);
});

test.each(vectorsOf('record/newer.json'))('is left alone, and the app is told: $name', async ({ text }) => {
  const { effects, welcome } = await welcomeOf(`store ${text}`);
  expect(JSON.parse(welcome).snapshot).toMatchObject({ status: 'unavailable', error: { code: 'hub-outdated' } });
  expect(jsonOf(effects, 'stores')).toBeUndefined();
});
