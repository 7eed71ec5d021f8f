import type { Table, Write } from '../ports/table.ts';
import { type Fence, hasEnded, type JobRecord, jobWrites, type WrittenValues } from '../store/jobs.ts';
import { CHUNK_BYTES, type LogLine, logWrite } from '../store/logs.ts';
import { stillOf } from '../store/run-writes.ts';
import type { RunRecord } from '../store/runs.ts';

/** One job as the worker holds it in memory; the recorder brings it to the table. */
export type JobState = {
  /** Undefined: the job did not begin. */
  record: JobRecord | undefined;
  /** Chunks of log lines sent so far. */
  logChunks: number;
};

/** Another invocation took the run over, or it is over: this one must not go on. */
export class Superseded extends Error {
  override name = 'Superseded';
}

/**
 * Coalesced records. Changes are collected and go out together when something needs them durable (`flush`), when the run
 * ends or parks (`flush` with the closing writes), or when a reader has waited long enough (`dirtySince`).
 */
export type Recorder = {
  /** The record of this job changed. */
  changed(state: JobState): void;
  log(state: JobState, line: LogLine): void;
  /** Milliseconds since the epoch at which the oldest change that is not yet sent was made. */
  dirtySince(): number | undefined;
  /** A write of something else goes out with the next changes. */
  along(write: Write): void;
  /** Resolves when all that was changed before the call is durable. */
  flush(): Promise<void>;
  /**
   * The same, and then `closing` is written, group after group. Undefined: it is. Else its last write, that of the run's
   * record, was refused though no other invocation took the run: its record as it stands.
   */
  close(closing: readonly (readonly Write[])[]): Promise<RunRecord | undefined>;
};

export function createRecorder(table: Table, fence: Fence, now: () => number): Recorder {
  const dirty = new Set<JobState>();
  let besides: Write[] = [];
  const lines = new Map<JobState, LogLine[]>();
  const written: WrittenValues = new Map();
  /** A flush that failed took its changes with it: nothing may become durable that comes after them. */
  let broken: { readonly error: unknown } | undefined;
  let since: number | undefined;
  let running: Promise<void> | undefined;
  let waiting: Promise<void> | undefined;

  const touch = (state: JobState): void => {
    dirty.add(state);
    since ??= now();
  };

  const collect = (): Write[][] => {
    const first: Write[] = [];
    const records: Write[] = besides;
    besides = [];
    for (const state of dirty) {
      if (state.record === undefined) continue;
      const fresh = lines.get(state) ?? [];
      if (state.logChunks === 0 && fitsRecord(state.record, fresh)) {
        state.record = { ...state.record, log: fresh };
        state.logChunks = 1;
        lines.delete(state);
      }
      const chunks = chunksOf(lines.get(state) ?? []);
      for (const [offset, chunk] of chunks.entries()) {
        first.push(logWrite(fence, state.record.index, state.logChunks + offset, chunk));
      }
      state.logChunks += chunks.length;
      const writes = jobWrites(fence, state.record, state.logChunks, written);
      first.push(...writes.large);
      records.push(writes.record);
    }
    dirty.clear();
    lines.clear();
    since = undefined;
    return [first, records];
  };

  const send = async (closing: readonly (readonly Write[])[]): Promise<RunRecord | undefined> => {
    if (broken !== undefined) throw broken.error;
    const groups = [...collect(), ...closing].filter(group => group.length > 0);
    if (groups.length === 0) return undefined;
    try {
      const answers = await table.writeInOrder(groups);
      const refused = answers.filter(one => !one.done);
      if (refused.length === 0) return undefined;
      const last = closing.length > 0 && answers.length === groups.flat().length && refused[0] === answers.at(-1);
      const run = last ? stillOf(fence.epoch, refused[0]?.item) : undefined;
      if (run !== undefined) return run;
      throw new Superseded('another invocation writes this run');
    } catch (error) {
      broken = { error };
      throw error;
    }
  };

  /** One flush at a time; all who ask meanwhile share the next one. */
  const flush = (): Promise<void> => {
    if (running === undefined) {
      running = send([])
        .then(() => undefined)
        .finally(() => {
          running = undefined;
        });
      return running;
    }
    if (waiting === undefined) {
      const next = (): Promise<void> => {
        waiting = undefined;
        return flush();
      };
      // After a flush that failed the next one fails too, and tells those who wait for it.
      waiting = running.then(next, next);
    }
    return waiting;
  };

  return {
    changed: touch,
    log(state, line) {
      const known = lines.get(state);
      if (known === undefined) lines.set(state, [line]);
      else known.push(line);
      touch(state);
    },
    along(write) {
      besides.push(write);
      since ??= now();
    },
    dirtySince: () => since,
    flush,
    async close(closing) {
      while (running !== undefined) await (waiting ?? running);
      return send(closing);
    },
  };
}

/** Bytes of messages that go into the record of the job: with them it is mostly still one write unit, which a chunk costs. */
const FEW_BYTES = 512;
const MOST_LINES = 16;

function fitsRecord(record: JobRecord, lines: readonly LogLine[]): boolean {
  if (lines.length === 0 || lines.length > MOST_LINES || !hasEnded(record.status)) return false;
  // A line is more than its message: step, time and level come to about 30 bytes.
  return lines.reduce((bytes, line) => bytes + Buffer.byteLength(line.message) + 30, 0) <= FEW_BYTES;
}

function chunksOf(lines: readonly LogLine[]): LogLine[][] {
  const chunks: LogLine[][] = [];
  let bytes = 0;
  for (const line of lines) {
    const last = chunks.at(-1);
    if (last === undefined || bytes >= CHUNK_BYTES) {
      chunks.push([line]);
      bytes = 0;
    } else {
      last.push(line);
    }
    // A character is at most three bytes of UTF-8 per code unit; a full chunk stays below an item's 400 KiB.
    bytes += line.message.length * 3 + 64;
  }
  return chunks;
}
