import { Worker } from 'node:worker_threads';
import type { Clients, JqResult } from '../action.ts';
import type { JqMessage, JqWork } from './jq-worker.ts';

export type JqOptions = {
  /** The file that the threads run. Default: beside this file, `jq-worker.ts` in the sources, `jq-worker.cjs` in a bundle. */
  readonly worker?: URL;
  /** Threads. jq-wasm is built so that each takes up to 256 MiB of memory while it works. Default 2. */
  readonly maxWorkers?: number;
  /** Milliseconds for one filter, counted from when it begins: starting a thread is no time of the filter. Default 10 s. */
  readonly timeoutMs?: number;
  /** Bytes of output. Default 256 KiB. */
  readonly maxBytes?: number;
  /** Milliseconds after which a thread without work is ended. Default 30 s. */
  readonly idleMs?: number;
};

/** `close` ends the threads; without it an idle one does not keep the process alive. */
export type Jq = Clients['jq'] & { close(): Promise<void> };

type Job = { readonly work: JqWork; settle(result: JqResult): void };
type Seat = { readonly worker: Worker; job?: Job | undefined; timer?: NodeJS.Timeout };

export function createJq({
  worker: file = new URL(import.meta.url.endsWith('.ts') ? './jq-worker.ts' : './jq-worker.cjs', import.meta.url),
  maxWorkers = 2,
  timeoutMs = 10_000,
  maxBytes = 256 * 1024,
  idleMs = 30_000,
}: JqOptions = {}): Jq {
  const seats = new Set<Seat>();
  const queue: Job[] = [];

  const assign = () => {
    for (;;) {
      const free = [...seats].find(seat => seat.job === undefined);
      if (queue.length === 0 || (free === undefined && seats.size >= maxWorkers)) return;
      const job = queue.shift();
      if (job !== undefined) give(free ?? open(), job);
    }
  };

  const give = (seat: Seat, job: Job) => {
    clearTimeout(seat.timer);
    seat.job = job;
    seat.worker.ref();
    seat.worker.postMessage(job.work);
  };

  const limit = (seat: Seat) => {
    if (!seats.has(seat)) return;
    seat.timer = setTimeout(() => {
      const message = `The filter took more than ${timeoutMs / 1_000} s.`;
      vacate(seat, { ok: false, code: 'TIMEOUT', message });
    }, timeoutMs);
  };

  const open = (): Seat => {
    // A thread sees no environment and no arguments, and has no way to the console.
    const worker = new Worker(file, {
      env: {},
      argv: [],
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: 128 },
    });
    const seat: Seat = { worker };
    seats.add(seat);
    worker.on('message', (result: JqMessage) => {
      if (result === 'begins') return limit(seat);
      // The thread says so in the middle of its work and would go on.
      if (!result.ok && result.code === 'RESULT_TOO_LARGE') vacate(seat, result);
      else rest(seat, result);
    });
    worker.on('error', error => vacate(seat, crashed(error.message)));
    worker.on('exit', code => vacate(seat, crashed(`exit code ${code}`)));
    return seat;
  };

  const rest = (seat: Seat, result: JqResult) => {
    if (!seats.has(seat)) return;
    clearTimeout(seat.timer);
    const { job } = seat;
    seat.job = undefined;
    seat.worker.unref();
    seat.timer = setTimeout(() => void end(seat), idleMs).unref();
    job?.settle(result);
    assign();
  };

  /** Ends a thread in whatever it does: wasm has no other brake. Its place is free for a new one. */
  const vacate = (seat: Seat, result: JqResult) => {
    if (!seats.has(seat)) return;
    void end(seat);
    seat.job?.settle(result);
    assign();
  };

  const end = (seat: Seat) => {
    clearTimeout(seat.timer);
    seats.delete(seat);
    return seat.worker.terminate();
  };

  const run: Clients['jq'] = ({ signal, ...task }) =>
    new Promise(resolve => {
      const aborted: JqResult = { ok: false, code: 'ABORTED', message: 'The filter was ended early.' };
      if (signal.aborted) return resolve(aborted);
      const cancel = () => {
        const at = queue.indexOf(job);
        if (at >= 0) queue.splice(at, 1);
        const seat = [...seats].find(seat => seat.job === job);
        if (seat !== undefined) vacate(seat, aborted);
        job.settle(aborted);
      };
      const job: Job = {
        work: { ...task, maxBytes },
        settle(result) {
          signal.removeEventListener('abort', cancel);
          resolve(result);
        },
      };
      signal.addEventListener('abort', cancel);
      queue.push(job);
      assign();
    });

  const close = async () => {
    const open = [...seats];
    for (const job of queue.splice(0)) job.settle(crashed('closed'));
    for (const seat of open) seat.job?.settle(crashed('closed'));
    await Promise.all(open.map(end));
  };
  return Object.assign(run, { close });
}

function crashed(why: string): JqResult {
  return { ok: false, code: 'WORKER_CRASHED', message: `The thread that ran the filter ended: ${why}` };
}
