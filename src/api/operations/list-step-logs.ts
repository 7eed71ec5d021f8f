import type { Cursor } from '../../ports/table.ts';
import { getJob } from '../../store/jobs.ts';
import { type LogLine, readChunks } from '../../store/logs.ts';
import type { Listed } from '../../store/pipelines.ts';
import { replyList } from '../listing.ts';
import type { ApiDependencies, Operation } from '../operation.ts';
import { NOT_FOUND } from '../reply.ts';
import { formatTime } from '../time.ts';
import { definitionOfRun } from '../version.ts';

/** Chunks of one read, 128 KiB each. */
const CHUNKS = 8;

/** A line with its place: its chunk, and where it stands in there. */
type PlacedLine = LogLine & { readonly chunk: number; readonly place: number };

/** Lines lie in chunks of the job; those of other steps are left out. */
export const listStepLogs =
  (dependencies: ApiDependencies): Operation<'listStepLogs'> =>
  async call => {
    const { table } = dependencies;
    const { loaded: run, params } = call;
    const { pipeline } = await definitionOfRun(dependencies, run);
    const job = pipeline.jobs.find(candidate => candidate.id === params.job);
    const step = Number(params.step);
    if (job === undefined || step >= job.steps.length) return NOT_FOUND;
    const end = (await getJob(table, run.run, job.index))?.logChunks ?? 0;

    async function read(_limit: number, after: Cursor | undefined, index: number): Promise<Listed<PlacedLine>> {
      const start = after === undefined ? { chunk: 0, place: -1 } : placeOf(after);
      const chunks = await readChunks(table, run.run, index, start.chunk, end, CHUNKS);
      const records = chunks.flatMap(({ chunk, lines }) =>
        lines.flatMap((line, place) =>
          chunk === start.chunk && place <= start.place ? [] : [{ ...line, chunk, place }],
        ),
      );
      const last = chunks.at(-1);
      return last === undefined || last.chunk >= end - 1
        ? { records }
        : { records, next: cursorOf({ chunk: last.chunk + 1, place: -1 }) };
    }

    return replyList(dependencies, call, {
      read: (limit, after) => read(limit, after, job.index),
      cursorOf,
      keep: line => line.step === step,
      render: ({ at, level, message }) => JSON.stringify({ at: formatTime(at), level, message }),
    });
  };

const cursorOf = ({ chunk, place }: { readonly chunk: number; readonly place: number }): Cursor => ({
  chunk: String(chunk),
  place: String(place),
});

const placeOf = (cursor: Cursor) => ({ chunk: Number(cursor.chunk), place: Number(cursor.place) });
