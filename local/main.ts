import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { serve } from './serve.ts';
import { readSettings, USAGE } from './settings.ts';
import { welcome } from './welcome.ts';

/** Milliseconds that requests in flight have after a signal to stop. */
const GRACE = 5_000;

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2), process.env);
  if (settings === 'help') {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const data = resolve(settings.data);
  await mkdir(data, { recursive: true });
  const server = await serve({ ...settings, data });
  process.stdout.write(
    welcome({
      url: server.url,
      token: server.token,
      data,
      allowEgress: settings.allowEgress,
      mode: settings.sdk ? 'sdk' : 'embedded',
    }),
  );
  const stop = (): void => {
    // Runs that are not over go on at the next start; whoever asks twice is not kept waiting.
    process.once('SIGINT', () => process.exit(130));
    setTimeout(() => process.exit(1), GRACE).unref();
    server.close().then(
      () => process.exit(0),
      error => fail(error),
    );
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function fail(error: unknown): never {
  process.stderr.write(`pipecall: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
