import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Json } from '../src/json.ts';
import {
  INVOKE_LIMIT,
  type Invoke,
  type Invoked,
  type InvokeFailure,
  type InvokeOptions,
} from '../src/ports/invoke.ts';
import type { Job, Outcome } from './invoke-worker.ts';

/** What a module may be written in. */
const ENDINGS = ['.mjs', '.js', '.ts', '.mts'] as const;

/** Milliseconds that a module may go on by itself; as a Lambda function may. */
const LONGEST = 900_000;

const MEMORY_MIB = 256;

/** Modules have the environment of the server but for what is the server's. */
const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PIPECALL_')));

export type LocalInvoke = Invoke & { close(): Promise<void> };

/**
 * The `invoke` port with the modules of a folder, each call in a thread of its own that is ended when its time is over.
 * `folder` undefined: there are none.
 */
export function createInvoke(
  folder: string | undefined,
  report: (message: string, error: unknown) => void,
): LocalInvoke {
  const threads = new Set<Worker>();

  const start = (module: string, request: Json, { signal, timeout }: Omit<InvokeOptions, 'mode'>): Promise<Invoked> =>
    new Promise(settle => {
      if (signal.aborted) return settle(refused('ABORTED', 'The step was cut off.'));
      const workerData: Job = { module, request };
      const thread = new Worker(new URL('./invoke-worker.ts', import.meta.url), {
        workerData,
        env: environment(),
        resourceLimits: { maxOldGenerationSizeMb: MEMORY_MIB },
      });
      threads.add(thread);
      const end = (invoked: Invoked): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        settle(invoked);
        void thread.terminate().then(() => threads.delete(thread));
      };
      const abort = (): void => end(refused('ABORTED', 'The step was cut off.'));
      const timer = setTimeout(() => end(refused('TIMEOUT', `It took longer than ${timeout / 1_000} s.`)), timeout);
      signal.addEventListener('abort', abort, { once: true });
      thread.once('message', (outcome: Outcome) => end(outcomeOf(outcome)));
      thread.once('error', error =>
        end(refused('TARGET_FAILED', error instanceof Error ? error.message : String(error))),
      );
      thread.once('exit', code => end(refused('TARGET_FAILED', `The module ended its thread (exit code ${code}).`)));
    });

  return {
    async invoke(target, payload, options) {
      if (target.kind === 'function') {
        return refused(
          'TARGET_NOT_FOUND',
          `${target.arn} is in AWS; register a module to have the action on this machine.`,
        );
      }
      if (Buffer.byteLength(JSON.stringify(payload)) > INVOKE_LIMIT)
        return refused('TOO_LARGE', 'The request is larger than 256 KiB.');
      const module = folder === undefined ? undefined : await find(folder, target.name);
      if (module === undefined) {
        const where = folder === undefined ? 'the server was started without --actions' : `there is none in ${folder}`;
        return refused('TARGET_NOT_FOUND', `No module '${target.name}': ${where}.`);
      }
      if (options.mode === 'wait') return start(module, payload, options);
      // It goes on by itself; what becomes of it, its callback says.
      void start(module, payload, { signal: new AbortController().signal, timeout: LONGEST }).then(invoked => {
        if (!invoked.ok) report(`module '${target.name}' failed after it took over (${invoked.code})`, invoked.message);
      });
      return { ok: true, payload: null };
    },
    async close() {
      await Promise.all([...threads].map(thread => thread.terminate()));
    },
  };
}

async function find(folder: string, name: string): Promise<string | undefined> {
  for (const ending of ENDINGS) {
    const file = join(resolve(folder), `${name}${ending}`);
    const there = await access(file).then(
      () => true,
      () => false,
    );
    if (there) return pathToFileURL(file).href;
  }
  return undefined;
}

function outcomeOf(outcome: Outcome): Invoked {
  if ('failed' in outcome) return refused(outcome.missing ? 'TARGET_NOT_FOUND' : 'TARGET_FAILED', outcome.failed);
  if (Buffer.byteLength(outcome.answered) > INVOKE_LIMIT)
    return refused('TOO_LARGE', 'The answer is larger than 256 KiB.');
  return { ok: true, payload: JSON.parse(outcome.answered) as Json }; // as: what JSON.parse makes
}

const refused = (code: InvokeFailure, message: string): Invoked => ({ ok: false, code, message });
