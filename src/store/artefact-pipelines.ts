import type { Cursor, Page, Table } from '../ports/table.ts';
import { number, text } from './fields.ts';
import { artefactPipelineKey, artefactPipelinesOf, type PipelinePath } from './keys.ts';
import type { PipelineRecord } from './pipelines.ts';

/**
 * Says that a pipeline may have the trigger `artefact`. It holds too much, never too little: the entry is there before the
 * version that makes it true, and goes after the one that ends that. So whoever finds one looks at the pipeline.
 */
export type ArtefactPipeline = PipelinePath & {
  readonly type: string;
  /** The last version with this trigger that somebody meant to make the current one. */
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly notedAt: number;
};

/** Milliseconds that a change of a pipeline cannot take: an entry that is older and not true never becomes true. */
const LONGEST_CHANGE = 3_600_000;

/** Before the pipeline gets the version. */
export async function noteArtefactPipeline(table: Table, record: PipelineRecord, now: number): Promise<void> {
  const { artefact } = record;
  if (artefact === undefined) return;
  await table.write({ put: { ...artefactPipelineKey(record, artefact), version: record.version, noted_at: now } });
}

/** After the pipeline was deleted, or got another version. An entry that a newer version made meanwhile stays. */
export async function dropArtefactPipeline(
  table: Table,
  before: PipelineRecord,
  after?: PipelineRecord,
): Promise<void> {
  const { artefact } = before;
  if (artefact === undefined || artefact === after?.artefact) return;
  await dropEntry(table, before, artefact, before.version);
}

/** An entry that was found not to be true. */
export async function dropStale(table: Table, entry: ArtefactPipeline, now: number): Promise<void> {
  if (now - entry.notedAt > LONGEST_CHANGE) await dropEntry(table, entry, entry.type, entry.version);
}

async function dropEntry(table: Table, path: PipelinePath, type: string, version: string): Promise<void> {
  await table.write({
    delete: artefactPipelineKey(path, type),
    when: [[{ name: 'version', is: '=', value: version }]],
  });
}

export async function* artefactPipelines(table: Table, org: string, type: string): AsyncGenerator<ArtefactPipeline> {
  let after: Cursor | undefined;
  do {
    const page: Page = await table.query({
      pk: artefactPipelinesOf(org),
      prefix: `${type}/`,
      limit: 100,
      consistent: true,
      ...(after === undefined ? {} : { after }),
    });
    for (const item of page.items) {
      const [, app = '', pipeline = ''] = item.sk.split('/');
      yield { org, app, pipeline, type, version: text(item, 'version'), notedAt: number(item, 'noted_at') };
    }
    after = page.next;
  } while (after !== undefined);
}
