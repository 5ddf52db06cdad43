// How the tests of an upgrade run: as the end-to-end tests in Chromium. scripts/test-upgrade.sh has built the earlier
// commit by then.

import { defineConfig } from '@playwright/test';
import usual from '../e2e/playwright.config.js';

export default defineConfig({
  ...usual,
  testDir: '.',
  outputDir: '../../build/upgrade-results',
  workers: 1,
  reporter: [['list'], ['junit', { outputFile: '../../build/results/upgrade.xml' }]],
});
