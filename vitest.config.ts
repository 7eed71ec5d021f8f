import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    setupFiles: ['test/kit/seed.ts'],
    // Half of what a test waits for is another process: a server, a browser, a shell.
    maxWorkers: '100%',
    // Two shared, noisy cores: a generous limit is a guard against hangs, never an assertion about speed.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // What is asked again and again until it is so: 1 second by default.
    expect: { poll: { timeout: 60_000 } },
    projects: [
      { extends: true, test: { name: 'core', include: ['test/**/*.test.ts'], exclude: ['test/web/**'] } },
      // In a browser, on the web UI that is built before the first of them; a run without any of them builds nothing.
      {
        extends: true,
        test: { name: 'web', include: ['test/web/**/*.test.ts'], globalSetup: ['test/kit/browser/build-web.ts'] },
      },
    ],
  },
});
