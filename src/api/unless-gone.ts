import type { Table } from '../ports/table.ts';
import { Malformed } from '../store/fields.ts';
import { getRun, type RunRecord } from '../store/runs.ts';
import type { LoadedObject } from './operation.ts';
import { NOT_FOUND, type Refusal, type Reply } from './reply.ts';

/**
 * The answer about a run whose parts go while they are read: with a run that was deleted meanwhile they are not broken,
 * they are gone.
 */
export async function unlessGone(
  table: Table,
  loaded: LoadedObject,
  answer: () => Promise<Reply | Refusal> | Reply | Refusal,
): Promise<Reply | Refusal> {
  try {
    return await answer();
  } catch (error) {
    if (!(error instanceof Malformed) || !isRun(loaded)) throw error;
    if ((await getRun(table, loaded)) === undefined) return NOT_FOUND;
    throw error;
  }
}

const isRun = (loaded: LoadedObject): loaded is RunRecord => loaded !== undefined && 'run' in loaded;
