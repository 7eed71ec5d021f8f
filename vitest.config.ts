import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/kit/seed.ts'],
    // Two shared, noisy cores: a generous limit is a guard against hangs, never an assertion about speed.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
