import type { Table, Write } from '../ports/table.ts';
import type { Fence } from './jobs.ts';
import { jobKey, logKey, partsOfRun } from './keys.ts';
import { type LogLine, linesOf, linesToValue } from './log-lines.ts';
import { notNewerThan } from './run-writes.ts';

export type { LogLine };

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
      lines: linesToValue(lines),
    },
    when: notNewerThan(fence.epoch),
  };
}

/** Lines of one chunk, with their place in it. */
export type Chunk = { readonly chunk: number; readonly lines: readonly LogLine[] };

/**
 * Chunks `from` .. `end` - 1 of a job, in order, read `limit` at a time at the most. The first one may lie in the record of
 * the job (`JobRecord.log`).
 */
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
  const chunks = page.items.map(item => ({ chunk: Number(item.sk.slice(-7)), lines: linesOf(item, 'lines') }));
  if (from > 0 || chunks[0]?.chunk === 0) return chunks;
  const record = await table.get(jobKey(run, job), { consistent: true });
  return record?.log === undefined ? chunks : [{ chunk: 0, lines: linesOf(record, 'log') }, ...chunks];
}
