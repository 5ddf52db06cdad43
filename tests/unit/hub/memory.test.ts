// The module's memory does not grow, so the largest text it may be given has to fit: the configuration, PROTOCOL.md §5.

import { expect, test } from 'vitest';
import { loadHub, noCallbacks } from './load.js';

const configBytesMax = 262_144;
const appsMax = 1_024;

test('the largest configuration the protocol allows can be read', async () => {
  const configOf = (padding: number) =>
    JSON.stringify({
      hub: 'https://hub.acme.com/',
      site: 'https://acme.com',
      apps: Array.from({ length: appsMax }, (_, i) => ({
        origin: `https://app${i}${'x'.repeat(padding)}.acme.com`,
        can: ['read', 'login', 'logout', 'activity'],
      })),
    });
  const config = configOf(Math.floor((configBytesMax - configOf(0).length) / appsMax));
  expect(config.length).toBeGreaterThan(configBytesMax - appsMax);

  const hub = await loadHub();
  expect(hub.create(config, noCallbacks)).toBeNull();
});
