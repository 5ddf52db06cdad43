// How the suite runs: one project an engine, three workers, nothing tried twice. Time-outs are generous, since they are
// for what never comes; a test waits for states, never for time.

import { defineConfig } from '@playwright/test';
import type { EngineName } from './support/engine.js';

const engines: readonly EngineName[] = ['chromium', 'firefox', 'webkit'];

export default defineConfig<object, { engineName: EngineName }>({
  testDir: '.',
  testMatch: '*.spec.ts',
  globalSetup: './support/prepare.ts',
  outputDir: '../../build/engines/failures',
  fullyParallel: true,
  forbidOnly: true,
  workers: 3,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['./support/reporter.ts'], ['junit', { outputFile: '../../build/results/engines.xml' }]],
  projects: engines.map((name) => ({ name, use: { engineName: name } })),
});
