// How the example apps are tried: one after the other, since each installs and builds. Time-outs are for what never
// comes.

import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../build/frameworks/failures',
  forbidOnly: true,
  workers: 1,
  retries: 0,
  timeout: 600_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['junit', { outputFile: '../../build/results/frameworks.xml' }]],
});
