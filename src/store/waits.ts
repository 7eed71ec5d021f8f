import type { Table } from '../ports/table.ts';
import { text } from './fields.ts';
import { type RunPath, waitKey } from './keys.ts';

/** Leaves word of which run is to be told about this ARN. `expiresAt`: seconds since the epoch. */
export async function putWait(table: Table, arn: string, path: RunPath, expiresAt: number): Promise<void> {
  const { org, app, pipeline, run } = path;
  await table.write({ put: { ...waitKey(arn), org, app, pipeline, run, expires_at: expiresAt } });
}

export async function getWait(table: Table, arn: string): Promise<RunPath | undefined> {
  const item = await table.get(waitKey(arn), { consistent: true });
  if (item === undefined) return undefined;
  return { org: text(item, 'org'), app: text(item, 'app'), pipeline: text(item, 'pipeline'), run: text(item, 'run') };
}
