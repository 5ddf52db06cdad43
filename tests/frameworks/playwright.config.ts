// How the example apps are tried: those that install and build one after the other, since they are in one file, and
// beside them those that wait for tokens to end. Time-outs are for what never comes.

import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../build/frameworks/failures',
  forbidOnly: true,
  workers: 4,
  retries: 0,
  timeout: 600_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['junit', { outputFile: '../../build/results/frameworks.xml' }]],
});
