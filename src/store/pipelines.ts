import type { Condition, Cursor, Item, Table, Written } from '../ports/table.ts';
import { fail, number, optionalText, readable, text, textMap, texts, type Unreadable } from './fields.ts';
import {
  type AppPath,
  type PipelinePath,
  pipelineKey,
  pipelinePosition,
  pipelinesOfApp,
  pipelinesOfOrg,
} from './keys.ts';
import { type Listed, listById } from './listed.ts';

export type PipelineRecord = PipelinePath & {
  readonly name: string;
  /** Id of the current version. */
  readonly version: string;
  readonly triggers: readonly string[];
  /** The type of the artefacts that start it; absent: none does. */
  readonly artefact?: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly createdBy: string;
};

export async function getPipeline(table: Table, path: PipelinePath): Promise<PipelineRecord | undefined> {
  const item = await table.get(pipelineKey(path), { consistent: true });
  return item === undefined ? undefined : fromItem(item);
}

/** In the order of the paths, as they are now; at most 100. */
export async function getPipelines(
  table: Table,
  paths: readonly PipelinePath[],
): Promise<readonly (PipelineRecord | undefined)[]> {
  if (paths.length === 0) return [];
  const items = await table.getMany(paths.map(pipelineKey), { consistent: true });
  return items.map(item => (item === undefined ? undefined : fromItem(item)));
}

/** The commit point of a creation. False: the id is taken. */
export async function putNewPipeline(table: Table, record: PipelineRecord): Promise<boolean> {
  return stands(record, await table.write({ put: toItem(record), when: [[{ name: 'pk', is: 'absent' }]] }));
}

/** The commit point of a change. False: another change came first, or it is gone. */
export async function replacePipeline(table: Table, record: PipelineRecord, previousVersion: string): Promise<boolean> {
  return stands(record, await table.write({ put: toItem(record), when: unchanged(previousVersion) }));
}

/** A write whose answer was lost is sent again and refused by what it wrote itself: versions are unique, so it is known by its own. */
const stands = (record: PipelineRecord, { done, item }: Written): boolean => done || item?.version === record.version;

export async function deletePipeline(table: Table, record: PipelineRecord): Promise<boolean> {
  const { done, item } = await table.write({ delete: pipelineKey(record), when: unchanged(record.version) });
  // Nothing there: this very request was sent again, or another one deleted it; gone is what was asked for.
  return done || item === undefined;
}

/** Newest first. `app` absent: all of the org. */
export async function listPipelines(
  table: Table,
  scope: { readonly org: string; readonly app?: string },
  limit: number,
  after?: Cursor,
  unreadable: Unreadable = fail,
): Promise<Listed<PipelineRecord>> {
  const page = await table.query({
    ...(scope.app === undefined
      ? { index: 'gsi1' as const, pk: pipelinesOfOrg(scope.org) }
      : { index: 'gsi2' as const, pk: pipelinesOfApp({ org: scope.org, app: scope.app }) }),
    reverse: true,
    limit,
    ...(after === undefined ? {} : { after }),
  });
  const items = await table.getMany(page.items.map(item => ({ pk: item.pk, sk: item.sk })));
  const records = items.flatMap(item => (item && readable(item, fromItem, unreadable)) ?? []);
  return page.next === undefined ? { records } : { records, next: page.next };
}

/** Those of an app as they are now, in the order of their ids. */
export async function* listPipelinesNow(table: Table, path: AppPath): AsyncGenerator<PipelineRecord> {
  let after: Cursor | undefined;
  do {
    const { records, next } = await listById(table, pipelinesOfApp(path), fromItem, 100, after);
    yield* records;
    after = next;
  } while (after !== undefined);
}

/** Where a list of pipelines goes on behind this one. */
export function cursorOfPipeline(record: PipelineRecord, list: 'org' | 'app'): Cursor {
  const position = pipelinePosition(record.createdAt, record);
  const key = pipelineKey(record);
  return list === 'org'
    ? { ...key, gsi1pk: pipelinesOfOrg(record.org), gsi1sk: position }
    : { ...key, gsi2pk: pipelinesOfApp(record), gsi2sk: position };
}

const unchanged = (version: string): Condition => [[{ name: 'version', is: '=', value: version }]];

function toItem(record: PipelineRecord): Item {
  const position = pipelinePosition(record.createdAt, record);
  return {
    ...pipelineKey(record),
    gsi1pk: pipelinesOfOrg(record.org),
    gsi1sk: position,
    gsi2pk: pipelinesOfApp(record),
    gsi2sk: position,
    org: record.org,
    app: record.app,
    name: record.name,
    version: record.version,
    triggers: record.triggers,
    ...(record.artefact === undefined ? {} : { artefact: record.artefact }),
    metadata: record.metadata,
    created_at: record.createdAt,
    created_by: record.createdBy,
  };
}

function fromItem(item: Item): PipelineRecord {
  const artefact = optionalText(item, 'artefact');
  return {
    org: text(item, 'org'),
    app: text(item, 'app'),
    pipeline: item.sk,
    name: text(item, 'name'),
    version: text(item, 'version'),
    triggers: texts(item, 'triggers'),
    ...(artefact === undefined ? {} : { artefact }),
    metadata: textMap(item, 'metadata'),
    createdAt: number(item, 'created_at'),
    createdBy: optionalText(item, 'created_by') ?? '',
  };
}

export type { AppPath, Listed, PipelinePath };
