import { access, constants, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { serve } from './serve.ts';
import { readSettings, USAGE } from './settings.ts';
import { welcome } from './welcome.ts';

/** Milliseconds from a signal to the end of the process, whatever hangs. The gateway's grace (8 s) lies within. */
const STOP_LIMIT = 10_000;

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2), process.env);
  if (settings === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const data = resolve(settings.data);
  await makeFolder(data);
  const server = await serve({ ...settings, data });
  const stop = (): void => {
    // Whoever asks twice is not kept waiting. 128 and the number of the signal, as shells say it.
    process.once('SIGINT', () => process.exit(130));
    process.once('SIGTERM', () => process.exit(143));
    // No failure: what was recorded is on the disk, and runs that are not over go on at the next start.
    setTimeout(() => process.exit(0), STOP_LIMIT).unref();
    server.close().then(
      () => process.exit(0),
      error => fail(error),
    );
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  const first = (): void => {
    for (const signal of signals) process.off(signal, first);
    stop();
  };
  for (const signal of signals) process.on(signal, first);
  // Who reads `ready` may send a signal at once: it has to be heard by then.
  process.stdout.write(
    welcome({
      url: server.url,
      token: server.token,
      data,
      allowEgress: settings.allowEgress,
      mode: settings.sdk ? 'sdk' : 'embedded',
    }),
  );
}

async function makeFolder(folder: string): Promise<void> {
  try {
    // Records of runs and the keys of secrets are nobody else's. A folder that is there stays as it was made.
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const remedy = 'name a folder that you may write to with --data';
    throw new Error(`the data folder ${folder} cannot be used; ${remedy} (${reason})`, { cause });
  }
}

function fail(error: unknown): never {
  process.stderr.write(`pipecall: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
