// What `npm install lockstep` asks of an app. npm refuses the whole package where the app has another version of an
// optional peer, whether it uses what needs that peer or not: an app with RxJS 6, or a server with jose 5, could not
// have the client. It counts the peers of such a peer as well: by better-auth's eighteen an app with Vitest 1 could
// not. So each peer is of any version, and has few of its own; the documents say what is tested.

import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };

const { peerDependencies, peerDependenciesMeta, devDependencies } = manifest;

test.each(Object.entries(peerDependencies))(
  '%s is an optional peer of any version, and tested in one',
  async (name, range) => {
    expect(range).toBe('*');
    expect(peerDependenciesMeta).toHaveProperty([name, 'optional'], true);
    expect(devDependencies).toHaveProperty([name], expect.stringMatching(/^\d/));
    const path = new URL(`../../../node_modules/${name}/package.json`, import.meta.url);
    const { version, peerDependencies: ofPeer = {} } = JSON.parse(await readFile(path, 'utf8'));
    expect(version).toBe(devDependencies[name as keyof typeof devDependencies]);
    expect(Object.keys(ofPeer).length).toBeLessThanOrEqual(5);
  },
);
