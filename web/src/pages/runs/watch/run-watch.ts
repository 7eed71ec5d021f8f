import type { ApiError, Client, Result } from '../../../api/client.ts';
import { nextWait, type PollTimer, SHORTEST, startPolling } from '../../../api/poll.ts';
import type { PipelineJobPartial, PipelineRun } from '../../../api/types.ts';
import { createHeldReads } from './held-reads.ts';
import { LINES_OF_PAGE, NO_LOG, pageToRead, withMore, withPage } from './log-pages.ts';
import { keyOfRead, missingReads, type RunRead, roundOf } from './next-read.ts';
import { type Chosen, isOver, logKey, NOTHING, type RunState } from './run-state.ts';

export type RunPath = { readonly org: string; readonly app: string; readonly pipeline: string; readonly run: string };

export type RunWatch = {
  readonly read: () => RunState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Says what is looked at; what is missing of it is read at once. */
  readonly choose: (chosen: Chosen) => void;
  /** Somebody did something to the run, or wants to try again. */
  readonly again: () => void;
  readonly moreLines: (job: string, step: number) => void;
  readonly start: () => () => void;
};

type Dependencies = {
  readonly client: Client;
  readonly hidden: () => boolean;
  readonly onVisibility: (listener: () => void) => () => void;
  readonly timer: PollTimer;
};

/** Milliseconds between two reads: with what is around the page (the count of approvals) there is one request a second at the most. */
const PACE = 1.2 * SHORTEST;

/** Reads at once after somebody did something, at the most. */
const MOST_AT_ONCE = 12;

/** Milliseconds after which a read that was not answered counts as failed: a hanging log would stop all that comes after it. */
const LONGEST_READ = 15_000;

const TOO_SLOW: ApiError = {
  status: 0,
  code: 'NO_ANSWER',
  message: `The server did not answer within ${LONGEST_READ / 1_000} seconds. The page tries again by itself.`,
};

/**
 * Follows one run with one request at a time. What a person asks for (the page itself, another job, more lines) is read at
 * once; after that there is at most one request a second, for the run, its jobs and the log that is open together, and ever
 * fewer while nothing changes. Only what the answer about the run itself says ends it: a job or a log that cannot be read is
 * left out, and tried again ever more seldom.
 */
export function watchRun({ client, ...page }: Dependencies, path: RunPath): RunWatch {
  let state = NOTHING;
  let chosen: Chosen = {};
  /** Of reads that were made for somebody who waits. */
  let eager = true;
  let round: readonly RunRead[] = [];
  let changed = true;
  let pause = PACE;
  let runEtag: string | undefined;
  let stop: (() => void) | undefined;
  let aborting = new AbortController();
  const held = createHeldReads(page.timer);
  const listeners = new Set<() => void>();

  const set = (next: RunState): void => {
    if (next.run?.etag !== state.run?.etag || next.jobs !== state.jobs || next.logs !== state.logs) changed = true;
    state = next;
    for (const listener of listeners) listener();
  };

  /** Undefined: it was read. */
  async function perform(read: RunRead, signal: AbortSignal): Promise<Result<unknown> | undefined> {
    const more = { signal };
    switch (read.what) {
      case 'run': {
        const headers = runEtag === undefined ? {} : { 'if-none-match': runEtag };
        const answer = await client.call('getRun', { params: path, headers, ...more });
        if (!answer.ok) return answer;
        runEtag = answer.etag ?? runEtag;
        // as: only a 304 has no value
        set({ ...state, ...(answer.status === 304 ? {} : { run: answer.value as PipelineRun }) });
        return undefined;
      }
      case 'jobs': {
        const after = state.run !== undefined && isOver(state.run);
        const answer = await client.call('listJobs', { params: path, query: { per_page: 100 }, ...more });
        if (!answer.ok) return answer;
        const jobs = sameWhereEqual(state.jobs, answer.value);
        set({ ...state, jobs, settled: after });
        return undefined;
      }
      case 'job': {
        const answer = await client.call('getJob', { params: { ...path, job: read.job }, ...more });
        if (!answer.ok) return answer;
        const details = new Map(state.details).set(read.job, { etag: read.etag, job: answer.value });
        set({ ...state, details });
        return undefined;
      }
      case 'log': {
        const key = logKey(read.job, read.step);
        const before = state.logs.get(key) ?? NO_LOG;
        const token = pageToRead(before);
        const answer = await client.call('listStepLogs', {
          params: { ...path, job: read.job, step: String(read.step) },
          query: { per_page: LINES_OF_PAGE, ...(token === undefined ? {} : { page: token }) },
          ...more,
        });
        if (!answer.ok) return answer;
        // Read anew: more may have been asked for meanwhile.
        const log = withPage(state.logs.get(key) ?? before, token, answer.value, answer.next, read.over);
        const known = before.pages.findIndex(one => one.token === token);
        const same = before.pages[known]?.lines === log.pages.at(-1)?.lines && before.complete === log.complete;
        if (!same || before.next !== log.next) set({ ...state, logs: new Map(state.logs).set(key, log) });
        return undefined;
      }
      case 'ahead': {
        const place = state.run?.waiting_for.run ?? '';
        const query = { app: [path.app], completed: false, per_page: 100 };
        const answer = await client.call('listRunsInOrg', { params: { org: path.org }, query, ...more });
        if (!answer.ok) return answer;
        const run = answer.value.find(
          one => one.concurrency_group === state.run?.concurrency_group && one.id < path.run,
        );
        set({ ...state, ahead: { place, run } });
        return undefined;
      }
    }
  }

  /** Nothing that is read keeps the rest of the page waiting longer than `LONGEST_READ`. Undefined: it was read. */
  async function readOnce(read: RunRead, signal: AbortSignal): Promise<ApiError | undefined> {
    const limit = new AbortController();
    const timeout = page.timer.set(() => limit.abort(), LONGEST_READ);
    try {
      const failed = await perform(read, AbortSignal.any([signal, limit.signal]));
      if (failed === undefined || failed.ok) return undefined;
      return limit.signal.aborted ? TOO_SLOW : failed.error;
    } catch (error) {
      if (limit.signal.aborted) return TOO_SLOW;
      throw error;
    } finally {
      page.timer.clear(timeout);
    }
  }

  /** It failed; the rest goes on without it, and it is tried again later. */
  function hold(read: RunRead, error: ApiError): void {
    const key = keyOfRead(read);
    set({ ...state, failed: new Map(state.failed).set(key, error) });
    held.hold(key);
    // It may be gone because the run is: that is asked before anything else.
    if (error.status === 404) round = [{ what: 'run' }, ...roundOf(state, chosen).filter(({ what }) => what !== 'run')];
  }

  /** It was read. */
  function forgive(read: RunRead): void {
    const key = keyOfRead(read);
    if (read.what === 'run') {
      if (state.error === undefined) return;
      // The server is back, it seems.
      held.release();
      set({ ...state, error: undefined });
      return;
    }
    held.forget(key);
    if (!state.failed.has(key)) return;
    const failed = new Map(state.failed);
    failed.delete(key);
    set({ ...state, failed });
  }

  const isHeld = (read: RunRead): boolean => held.has(keyOfRead(read));

  async function look(signal: AbortSignal): Promise<'over' | number> {
    for (let reads = 0; ; reads += 1) {
      const all = missingReads(state, chosen);
      const over = state.run !== undefined && isOver(state.run);
      if (all.length === 0 && over) return 'over';
      const missing = all.find(read => !isHeld(read));
      round = round.filter(read => !isHeld(read));
      if (missing === undefined && eager && reads > 0 && round.length === 0) {
        eager = false;
        return PACE;
      }
      // Of a run that is over nothing changes; what could not be read comes later.
      if (missing === undefined && round.length === 0 && !over)
        round = roundOf(state, chosen).filter(read => !isHeld(read));
      const [next, ...rest] = missing === undefined ? round : [missing, ...round];
      if (next === undefined) return PACE;
      round = rest;
      const failed = await readOnce(next, signal).catch((error: unknown) => {
        if (signal.aborted) return 'aborted' as const;
        throw error;
      });
      if (failed === 'aborted' || signal.aborted) return 'over';
      if (failed !== undefined) {
        eager = false;
        if (next.what !== 'run') {
          hold(next, failed);
          return PACE;
        }
        set({ ...state, error: failed });
        // Gone, or not to be seen: to ask again would change nothing.
        if ([401, 403, 404].includes(failed.status)) return 'over';
        pause = nextWait(pause, false);
        return pause;
      }
      forgive(next);
      if (eager && reads < MOST_AT_ONCE) continue;
      eager = false;
      if (round.length > 0) return PACE;
      pause = Math.max(PACE, nextWait(pause, changed));
      changed = false;
      return pause;
    }
  }

  const begin = (): void => {
    stop?.();
    aborting.abort();
    aborting = new AbortController();
    const { signal } = aborting;
    eager = true;
    pause = PACE;
    held.release();
    stop = startPolling({ look: () => look(signal), ...page });
  };

  return {
    read: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    choose(next) {
      if (next.job === chosen.job && next.step === chosen.step) return;
      chosen = next;
      if (stop !== undefined && missingReads(state, chosen).length > 0) begin();
    },
    again() {
      round = [{ what: 'run' }, { what: 'jobs' }];
      if (stop !== undefined) begin();
    },
    moreLines(job, step) {
      const key = logKey(job, step);
      const log = state.logs.get(key);
      if (log === undefined) return;
      set({ ...state, logs: new Map(state.logs).set(key, withMore(log)) });
      if (stop !== undefined) begin();
    },
    start() {
      begin();
      return () => {
        stop?.();
        stop = undefined;
        aborting.abort();
        held.release();
      };
    },
  };
}

/** Rows that say the same stay the same objects, so that the graph draws only what changed. */
function sameWhereEqual(
  before: readonly PipelineJobPartial[] | undefined,
  after: readonly PipelineJobPartial[],
): readonly PipelineJobPartial[] {
  const known = new Map((before ?? []).map(job => [job.id, job]));
  const jobs = after.map(job => {
    const same = known.get(job.id);
    return same?.etag === job.etag ? same : job;
  });
  return before?.length === jobs.length && jobs.every((job, index) => job === before[index]) ? before : jobs;
}
