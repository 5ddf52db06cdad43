// How chaos runs: one project a browser, at the same time, for as long as CHAOS_SECONDS says.

import { defineConfig } from '@playwright/test';
import type { EngineName } from '../engines/support/engine.js';

const engines: readonly EngineName[] = ['chromium', 'firefox'];

export default defineConfig<object, { engineName: EngineName }>({
  testDir: '.',
  testMatch: '*.spec.ts',
  globalSetup: '../engines/support/prepare.ts',
  outputDir: '../../build/chaos',
  forbidOnly: true,
  workers: 2,
  retries: 0,
  reporter: [['list'], ['junit', { outputFile: '../../build/results/chaos.xml' }]],
  projects: engines.map((name) => ({ name, use: { engineName: name } })),
});
