// How the end-to-end tests run: real Chromium processes, three tests at once, nothing tried twice. Time-outs are
// generous, since they are for what never comes; a test waits for states, never for time.

import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../build/e2e',
  fullyParallel: true,
  forbidOnly: true,
  workers: 3,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['junit', { outputFile: '../../build/results/e2e.xml' }]],
});
