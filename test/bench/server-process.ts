import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A server in a process of its own, so that the CPU that it takes can be told from that of its clients. */
export type ServerProcess = {
  readonly port: number;
  /** Milliseconds of CPU, all threads, user and system. Linux only. */
  cpu(): number;
  close(): Promise<void>;
};

/** Linux counts in ticks of 1/100 s on every platform Node runs on. */
const TICK = 10;

/** Starts `node <args>` and waits for the line `ready http://127.0.0.1:<port>`. */
export async function startServer(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await readyPort(child);
  return {
    port,
    cpu() {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return (Number(fields[11]) + Number(fields[12])) * TICK;
    },
    close: () =>
      new Promise(resolve => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

function readyPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let seen = '';
    child.once('exit', code => reject(new Error(`the server ended with ${code} before it was ready: ${seen}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk.toString('utf8');
      const port = /^ready http:\/\/127\.0\.0\.1:(\d+)/m.exec(seen)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
}
