import { defineConfig } from 'vitest/config';

// Generous, since it is for what never comes: some tests start processes, and a machine may be busy.
export default defineConfig({ test: { include: ['tests/unit/**/*.test.ts'], testTimeout: 30_000 } });
