import { defineConfig } from 'vitest/config';

// Generous, since it is for what never comes: some tests start processes, and a machine may be busy.
const waitMsMax = 180_000;

export default defineConfig({
  test: { include: ['tests/unit/**/*.test.ts'], testTimeout: waitMsMax, hookTimeout: waitMsMax },
});
