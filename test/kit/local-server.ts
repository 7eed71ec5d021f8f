import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ADMIN_TOKEN = 'a-fixed-token-for-tests';

export type LocalServer = {
  readonly url: string;
  readonly data: string;
  readonly pid: number;
  /** What it printed until now. */
  printed(): string;
  /** Ends the process and nothing else; the data stays. Resolves when it is gone. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
};

/** `npm start` as a process of its own, on a free port. */
export async function startLocalServer(options: {
  readonly data: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}): Promise<LocalServer> {
  const child = spawn(
    process.execPath,
    ['local/main.ts', '--port', '0', '--data', options.data, '--allow-egress', '127.0.0.0/8', ...(options.args ?? [])],
    { env: { ...process.env, PIPECALL_ADMIN_TOKEN: ADMIN_TOKEN, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  const url = await readyUrl(child, () => output);
  return {
    url,
    data: options.data,
    pid: child.pid ?? 0, // It printed its URL, so it is there.
    printed: () => output,
    stop: signal =>
      new Promise(resolve => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode);
        child.once('exit', code => resolve(code));
        child.kill(signal);
      }),
  };
}

export async function temporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'pipecall-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

function readyUrl(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const url = /^ready (http:\/\/\S+)\n/m.exec(output())?.[1];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on('data', look);
    child.once('exit', code => reject(new Error(`the server ended with ${code}:\n${output()}`)));
  });
}
