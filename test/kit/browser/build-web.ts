import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the web UI as it was built for this test run. */
    readonly webFolder: string;
  }
}

/** Built once for all tests, in a folder of its own: what `npm start` serves meanwhile stays as it is. */
export async function buildWeb(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pipecall-web-'));
  const root = join(import.meta.dirname, '../../..');
  const args = [
    'node_modules/vite/bin/vite.js',
    'build',
    'web',
    '--outDir',
    folder,
    '--emptyOutDir',
    '--logLevel',
    'warn',
  ];
  // As a process of its own: vitest says NODE_ENV=test, and with that React would be another one than what is served.
  const env = { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' };
  await promisify(execFile)(process.execPath, args, { cwd: root, env });
  return folder;
}

/** Called by vitest, before the first test of the project `web` and after the last (`vitest.config.ts`). */
export async function setup({ provide }: { provide(name: 'webFolder', folder: string): void }) {
  const folder = await buildWeb();
  provide('webFolder', folder);
  return () => rm(folder, { recursive: true, force: true });
}
