import { createHash } from 'node:crypto';
import type { Cursor, Item, Table } from '../ports/table.ts';
import { fail, number, oneOf, optionalText, text, type Unreadable } from './fields.ts';
import { type AppPath, criteriaOf, criterionKey } from './keys.ts';
import { type Listed, listById } from './listed.ts';

/** `re-deploy`: a request that names a deployment of before; any other is a `deploy`. */
export const DEPLOYMENT_TYPES = ['deploy', 're-deploy'] as const;
export type DeploymentType = (typeof DEPLOYMENT_TYPES)[number];

/** What a criterion asks of a deployment request; what is absent matches anything. */
export type CriterionMatch = {
  readonly envId?: string;
  readonly envType?: string;
  readonly deploymentType?: DeploymentType;
};

/** Requests that it matches start this pipeline. */
export type CriterionRecord = AppPath & {
  readonly id: string;
  readonly pipeline: string;
  /** When the pipeline was created: a later one of the same id is another one. */
  readonly pipelineSince: number;
  readonly match: CriterionMatch;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly createdBy: string;
};

/** Made of what it matches, so that two that match the same are one item. */
export function criterionId({ org, app }: AppPath, { envId, envType, deploymentType }: CriterionMatch): string {
  const parts = [org, app, 'deployment_request', envId ?? '', envType ?? '', deploymentType ?? ''];
  return uuidOf(parts.join('/'));
}

/** A UUID of version 8 (RFC 9562): its bits are ours, here a hash. */
export function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** False: another one matches the same; it is answered by `getCriterion`. */
export async function putNewCriterion(table: Table, record: CriterionRecord): Promise<boolean> {
  return (await table.write({ put: toItem(record), when: [[{ name: 'pk', is: 'absent' }]] })).done;
}

/** Takes the place of one whose pipeline is gone. False: somebody did before. */
export async function replaceCriterion(
  table: Table,
  record: CriterionRecord,
  stale: CriterionRecord,
): Promise<boolean> {
  const unchanged = [
    { name: 'pipeline', is: '=', value: stale.pipeline },
    { name: 'pipeline_since', is: '=', value: stale.pipelineSince },
  ] as const;
  return (await table.write({ put: toItem(record), when: [[...unchanged]] })).done;
}

export async function getCriterion(table: Table, path: AppPath, id: string): Promise<CriterionRecord | undefined> {
  const item = await table.get(criterionKey(path, id), { consistent: true });
  return item === undefined ? undefined : fromItem(path, item);
}

/** Those that match exactly this, in the order of `matches`. */
export async function getCriteria(
  table: Table,
  path: AppPath,
  matches: readonly CriterionMatch[],
): Promise<readonly CriterionRecord[]> {
  const keys = matches.map(match => criterionKey(path, criterionId(path, match)));
  const items = await table.getMany(keys, { consistent: true });
  return items.flatMap(item => (item === undefined ? [] : [fromItem(path, item)]));
}

/** Of this pipeline only: what stands there may be of another one by now. */
export async function deleteCriterion(table: Table, { org, app, id, pipeline }: CriterionRecord): Promise<void> {
  await table.write({
    delete: criterionKey({ org, app }, id),
    when: [[{ name: 'pipeline', is: '=', value: pipeline }]],
  });
}

/** In the order of their ids. */
export function listCriteria(
  table: Table,
  path: AppPath,
  limit: number,
  after?: Cursor,
  unreadable: Unreadable = fail,
): Promise<Listed<CriterionRecord>> {
  return listById(table, criteriaOf(path), item => fromItem(path, item), limit, after, unreadable);
}

/** The pipeline is gone. Those that a crash leaves count for nothing. */
export async function deleteCriteriaOf(table: Table, path: AppPath & { readonly pipeline: string }): Promise<void> {
  let after: Cursor | undefined;
  do {
    const { records, next } = await listCriteria(table, path, 100, after);
    for (const record of records) if (record.pipeline === path.pipeline) await deleteCriterion(table, record);
    after = next;
  } while (after !== undefined);
}

function toItem(record: CriterionRecord): Item {
  const { envId, envType, deploymentType } = record.match;
  return {
    ...criterionKey(record, record.id),
    pipeline: record.pipeline,
    pipeline_since: record.pipelineSince,
    ...(envId === undefined ? {} : { env_id: envId }),
    ...(envType === undefined ? {} : { env_type: envType }),
    ...(deploymentType === undefined ? {} : { deployment_type: deploymentType }),
    created_at: record.createdAt,
    created_by: record.createdBy,
  };
}

function fromItem({ org, app }: AppPath, item: Item): CriterionRecord {
  const envId = optionalText(item, 'env_id');
  const envType = optionalText(item, 'env_type');
  return {
    org,
    app,
    id: item.sk,
    pipeline: text(item, 'pipeline'),
    pipelineSince: number(item, 'pipeline_since'),
    match: {
      ...(envId === undefined ? {} : { envId }),
      ...(envType === undefined ? {} : { envType }),
      ...(item.deployment_type === undefined
        ? {}
        : { deploymentType: oneOf(item, 'deployment_type', DEPLOYMENT_TYPES) }),
    },
    createdAt: number(item, 'created_at'),
    createdBy: text(item, 'created_by'),
  };
}
