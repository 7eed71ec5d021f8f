import type { Table, Write } from '../ports/table.ts';
import { list } from './fields.ts';
import type { Fence } from './jobs.ts';
import { logKey, partsOfRun } from './keys.ts';
import { notNewerThan } from './runs.ts';

export type LogLine = {
  /** Place of the step in the job. */
  readonly step: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly level: string;
  readonly message: string;
};

/** Bytes of messages after which a chunk is full; a line itself is far smaller (see the action `log`). */
export const CHUNK_BYTES = 128 * 1_024;

/**
 * A chunk counts from the moment the record of its job says so (`logChunks`): what a worker that died left behind it is
 * overwritten by the next one, and a worker that was given up on cannot overwrite.
 */
export function logWrite(fence: Fence, job: number, chunk: number, lines: readonly LogLine[]): Write {
  return {
    put: {
      ...logKey(fence.run, job, chunk),
      epoch: fence.epoch,
      expires_at: fence.expiresAt,
      lines: lines.map(line => [line.step, line.at, line.level, line.message]),
    },
    when: notNewerThan(fence.epoch),
  };
}

/** Lines of one chunk, with their place in it. */
export type Chunk = { readonly chunk: number; readonly lines: readonly LogLine[] };

/** Chunks `from` .. `end` - 1 of a job, in order, read `limit` at a time at the most. */
export async function readChunks(
  table: Table,
  run: string,
  job: number,
  from: number,
  end: number,
  limit: number,
): Promise<readonly Chunk[]> {
  if (from >= end) return [];
  const page = await table.query({
    pk: partsOfRun(run),
    from: logKey(run, job, from).sk,
    to: logKey(run, job, end - 1).sk,
    limit,
    consistent: true,
  });
  return page.items.map(item => ({
    chunk: Number(item.sk.slice(-7)),
    lines: list(item, 'lines').map(value => {
      const [step, at, level, message] = Array.isArray(value) ? value : [];
      if (
        typeof step !== 'number' ||
        typeof at !== 'number' ||
        typeof level !== 'string' ||
        typeof message !== 'string'
      ) {
        throw new Error(`item ${item.pk} / ${item.sk}: a log line is not [step, at, level, message]`);
      }
      return { step, at, level, message };
    }),
  }));
}
